"""Appointment, findings, plan, agreement, return (process 2.6)."""

from datetime import timedelta

import pytest

from services.assessment.commands import preassessment
from services.assessment.commands.inputs import Reason
from services.assessment.domain.workflow import State
from services.assessment.queries import cases
from shared import clock
from shared.errors import Conflict, Invalid, NotFound
from tests.unit.assessment.scene import Scene


@pytest.fixture
def talking(scene: Scene) -> Scene:
    """A case whose pre-assessment is under way."""
    scene.assign()
    scene.clear()
    scene.appoint()
    return scene


def test_an_appointment_is_told_and_can_be_moved(talking: Scene) -> None:
    talking.appoint()
    assert [fact for fact, _ in talking.told()].count("pre_assessment_scheduled") == 2
    assert len(talking.case.consultations) == 1


def test_the_secretariat_may_make_the_appointment_too(scene: Scene) -> None:
    scene.assign()
    scene.clear()
    when = preassessment.Appointment(at=clock.now(), place="Daring contoh")
    case = preassessment.schedule_pre_assessment(scene.session, scene.secretary, scene.case_id, when)
    assert case.state is State.PRE_ASSESSMENT_SCHEDULED


def test_an_appointment_on_a_day_gone_by_is_refused(scene: Scene) -> None:
    scene.assign()
    scene.clear()
    when = preassessment.Appointment(at=clock.now() - timedelta(2), place="Ruang contoh")
    with pytest.raises(Invalid) as refusal:
        preassessment.schedule_pre_assessment(scene.session, scene.assessor, scene.case_id, when)
    assert "at" in refusal.value.fields


def test_no_appointment_before_impartiality_is_declared(scene: Scene) -> None:
    scene.assign()
    with pytest.raises(Conflict):
        scene.appoint()


def test_a_draft_keeps_what_is_there_and_the_candidate_does_not_see_it(talking: Scene) -> None:
    half = talking.findings(explanations=["process"], plan=[])
    preassessment.draft_plan(talking.session, talking.assessor, talking.case_id, half)
    mine = cases.view_case(talking.session, talking.assessor, talking.case_id).consultation
    theirs = cases.view_case(talking.session, talking.candidate, talking.case_id).consultation
    assert mine is not None
    assert theirs is not None
    assert mine.explanations == ["process"]
    assert (theirs.explanations, theirs.checks) == ([], [])
    assert theirs.place == "Ruang contoh"


@pytest.mark.parametrize("left_out", ["checks", "explanations", "briefings", "plan"])
def test_an_incomplete_plan_is_not_proposed(talking: Scene, left_out: str) -> None:
    with pytest.raises(Invalid) as refusal:
        preassessment.propose_plan(
            talking.session, talking.assessor, talking.case_id, talking.findings(**{left_out: []})
        )
    assert all(field.startswith(left_out) for field in refusal.value.fields)
    assert talking.case.state is State.PRE_ASSESSMENT_SCHEDULED


def test_methods_come_from_the_scheme(talking: Scene) -> None:
    plan = [
        preassessment.PlannedUnit(unit=unit, approach="uji", methods=["third_party"], tools=["contoh"])
        for unit in talking.units
    ]
    with pytest.raises(Invalid):
        preassessment.propose_plan(talking.session, talking.assessor, talking.case_id, talking.findings(plan=plan))


def test_an_adjustment_asked_for_must_be_planned_and_stays_between_the_two(scene: Scene) -> None:
    scene.case.file.adjustment_needed, scene.case.file.adjustment_note = True, "huruf besar (contoh)"
    scene.assign()
    scene.clear()
    scene.appoint()
    with pytest.raises(Invalid) as refusal:
        scene.propose()
    assert "adjustments" in refusal.value.fields
    planned = scene.findings(adjustments="naskah 18 pt (contoh)")
    preassessment.propose_plan(scene.session, scene.assessor, scene.case_id, planned)
    seen = {who: cases.view_case(scene.session, who, scene.case_id) for who in (scene.assessor, scene.candidate)}
    assert {each.consultation.adjustments for each in seen.values() if each.consultation} == {"naskah 18 pt (contoh)"}
    staff = cases.view_case(scene.session, scene.secretary, scene.case_id).model_dump_json()
    assert "18 pt" not in staff
    assert "huruf besar" not in staff
    assert not any("18 pt" in str(data) for _, data in scene.told())


def test_the_candidate_agrees_once(talking: Scene) -> None:
    talking.propose()
    talking.agree()
    assert talking.told()[-1][0] == "plan_agreed"
    with pytest.raises(Conflict):
        talking.agree()


def test_a_candidate_who_disagrees_gets_a_mended_plan(talking: Scene) -> None:
    talking.propose()
    preassessment.decline_plan(talking.session, talking.candidate, talking.case_id, Reason(reason="lisan saja"))
    consultation = talking.case.consultation
    assert consultation is not None
    assert (talking.case.state, consultation.disagreement) == (State.PRE_ASSESSMENT_SCHEDULED, "lisan saja")
    talking.propose()
    assert talking.agree().state is State.AGREED


def test_a_returned_case_tells_its_reasons(talking: Scene) -> None:
    wanted = preassessment.Return(reasons=[preassessment.Mending(item="Ijazah", reason="tidak terbaca")])
    case = preassessment.return_case(talking.session, talking.assessor, talking.case_id, wanted)
    assert case.state is State.RETURNED
    fact, data = talking.told()[-1]
    assert (fact, data["reasons"]) == ("candidate_returned", [{"item": "Ijazah", "reason": "tidak terbaca"}])
    with pytest.raises(Conflict):
        talking.propose()


def test_nobody_agrees_for_the_candidate(talking: Scene) -> None:
    talking.propose()
    for stranger in (talking.assessor, talking.secretary, talking.verifier):
        with pytest.raises(NotFound):
            preassessment.agree_to_plan(talking.session, stranger, talking.case_id)
