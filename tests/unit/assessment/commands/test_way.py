"""One case from the submitted file to the recommendation (process 2.6 to 2.8)."""

from services.assessment.domain.workflow import State
from shared.contracts.words import Judgement
from tests.unit.assessment.scene import Scene


def test_a_case_goes_from_the_submitted_file_to_the_recommendation(scene: Scene) -> None:
    scene.to_ready()
    scene.judge()
    case = scene.recommend()
    assert case.state is State.RECOMMENDED
    assert [fact for fact, _ in scene.told()] == [
        "assessor_assigned",
        "assessor_cleared",
        "pre_assessment_scheduled",
        "plan_proposed",
        "plan_agreed",
        "assessment_scheduled",
        "assessment_recommended",
    ]
    told = scene.told()[-1][1]
    assert [unit["judgement"] for unit in told["units"]] == [Judgement.K] * len(scene.units)
    assert told["assessor_id"] == str(scene.assessor.id)
    assert told["verifier_id"] == str(scene.verifier.id)
    assert len(told["record_hash"]) == 64


def test_every_step_is_in_the_audit_log(scene: Scene) -> None:
    scene.to_ready()
    scene.judge()
    scene.recommend()
    assert [action for action in scene.audited() if action.startswith("case:")] == [
        "case:open",
        "case:assign",
        "case:clear",
        "case:schedule_pre_assessment",
        "case:propose_plan",
        "case:agree",
        "case:schedule_assessment",
        "case:confirm",
        "case:declare_readiness",
        "case:be_ready",
        "case:complete_record",
        "case:recommend",
    ]
