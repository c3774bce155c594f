"""A panel hears an appeal: named, votes, outcome, re-assessment (process 2.10; R7, R9, R10, R28)."""

from uuid import UUID

import pytest
from pydantic import ValidationError

from services.decision.commands import panels
from services.decision.domain.appeals import Vote
from services.decision.domain.workflow import AppealState, CaseState
from services.decision.models import DecisionCase
from services.decision.queries import appeals, cases
from shared.contracts.decision import AppealDecided, AppealPanelNamed, ReassessmentOrdered
from shared.errors import Conflict, Invalid, NotFound
from shared.security.actor import Actor
from tests.unit.decision.scene import (
    ASSESSOR,
    BK,
    CANDIDATE,
    CHAIR,
    COMPLAINTS,
    OTHERS,
    PANEL,
    QUALITY,
    SECOND_ASSESSOR,
    SECRETARY,
    STRANGER,
    THIRD_ASSESSOR,
    UNITS,
    VERIFIER,
    K,
    Scene,
    told,
)


def step_down(scene: Scene, appeal_id: UUID, who: Actor) -> None:
    with scene.database.unit_of_work() as session:
        command = panels.StepDown(reason="Teman dekat pemohon (contoh)")
        panels.step_down_from_panel(session, who, appeal_id, command)


@pytest.mark.parametrize(
    ("who", "ground"),
    [(ASSESSOR, "assessor"), (VERIFIER, "verifier"), (CHAIR, "decision_maker"), (QUALITY, "decision_maker")],
)
def test_nobody_of_the_case_sits_on_its_panel(scene: Scene, who: Actor, ground: str) -> None:
    appeal_id = scene.appeal(scene.decided({UNITS[0]: BK}), [UNITS[0]])
    with pytest.raises(Conflict) as refusal:
        scene.panel(appeal_id, [who, *PANEL[:2]])
    assert refusal.value.details["refused"] == [{"account_id": str(who.id), "name": who.name, "grounds": [ground]}]
    assert told(scene.database, AppealPanelNamed) == []
    assert scene.appeal_row(appeal_id).state == AppealState.RECEIVED


def test_neither_the_appellant_nor_another_applicant_sits_on_a_panel(scene: Scene) -> None:
    appeal_id = scene.appeal(scene.decided({UNITS[0]: BK}), [UNITS[0]])
    for who in (CANDIDATE, STRANGER):
        with pytest.raises(Conflict):
            scene.panel(appeal_id, [who, *PANEL[:2]])
    with pytest.raises(Invalid):
        scene.panel(appeal_id, PANEL[:2])


def test_progress_is_told_when_the_panel_is_named(scene: Scene) -> None:
    appeal_id = scene.appeal(scene.decided({UNITS[0]: BK}), [UNITS[0]])
    scene.panel(appeal_id, by=QUALITY)
    (fact,) = told(scene.database, AppealPanelNamed)
    assert fact.panel == [actor.id for actor in PANEL]


def test_an_upheld_appeal_orders_a_reassessment_of_its_units_by_others(scene: Scene) -> None:
    case_id = scene.decided({UNITS[0]: BK, UNITS[1]: K, UNITS[2]: BK})
    scene.heard(scene.appeal(case_id, [UNITS[0]]), upheld=True)
    (fact,) = told(scene.database, ReassessmentOrdered)
    assert (fact.application_id, fact.attempt, fact.units) == (case_id, 1, [UNITS[0]])
    assert set(fact.excluded_assessors) == {ASSESSOR.id, *[actor.id for actor in PANEL]}
    assert "appeal" not in fact.model_dump_json()
    (outcome,) = told(scene.database, AppealDecided)
    assert (outcome.upheld, outcome.reasons) == (True, "Alasan putusan banding (contoh)")
    assert scene.state(case_id) is CaseState.REASSESSMENT_ORDERED


def test_a_dismissed_appeal_leaves_the_decision_and_the_way_to_a_reassessment(scene: Scene) -> None:
    case_id = scene.decided({UNITS[0]: BK})
    appeal_id = scene.appeal(case_id, [UNITS[0]])
    scene.heard(appeal_id, upheld=False)
    assert told(scene.database, ReassessmentOrdered) == []
    assert not told(scene.database, AppealDecided)[0].upheld
    assert scene.state(case_id) is CaseState.DECIDED_BK
    with pytest.raises(Conflict):
        scene.vote(appeal_id, PANEL[0])
    with pytest.raises(Conflict) as again:
        scene.appeal(case_id, [UNITS[0]])
    assert again.value.code == "appealed-before"
    scene.ask_again(case_id, [UNITS[0]])
    (fact,) = told(scene.database, ReassessmentOrdered)
    assert (set(fact.excluded_assessors), fact.another_assessor) == ({one.id for one in PANEL}, False)


def test_every_step_has_its_time_up_to_the_formal_end(scene: Scene) -> None:
    case_id = scene.decided({UNITS[0]: BK})
    scene.heard(scene.appeal(case_id, [UNITS[0]]), upheld=False)
    with scene.database.reading() as session:
        own = cases.view_own_decision_case(session, CANDIDATE, case_id).decisions[0].appeal
    assert own is not None
    assert [step.step for step in own.steps] == ["received", "acknowledged", "panel_named", "outcome", "ended"]
    assert own.ended_at is not None
    assert [step.at for step in own.steps] == sorted(step.at for step in own.steps)


def test_the_majority_counts_and_all_three_vote(scene: Scene) -> None:
    case_id = scene.decided({UNITS[0]: BK})
    appeal_id = scene.appeal(case_id, [UNITS[0]])
    scene.panel(appeal_id)
    scene.vote(appeal_id, PANEL[0], Vote.DISMISS)
    scene.vote(appeal_id, PANEL[1], Vote.UPHOLD)
    with pytest.raises(Conflict) as refusal:
        scene.conclude(appeal_id)
    assert refusal.value.code == "votes-missing"
    scene.vote(appeal_id, PANEL[2], Vote.DISMISS)
    scene.vote(appeal_id, PANEL[0], Vote.UPHOLD)
    scene.conclude(appeal_id)
    assert scene.appeal_row(appeal_id).state == AppealState.UPHELD


def test_who_steps_down_is_replaced_and_does_not_come_back(scene: Scene) -> None:
    appeal_id = scene.appeal(scene.decided({UNITS[0]: BK}), [UNITS[0]])
    scene.panel(appeal_id)
    scene.vote(appeal_id, SECOND_ASSESSOR)
    step_down(scene, appeal_id, COMPLAINTS)
    with pytest.raises(NotFound):
        scene.vote(appeal_id, COMPLAINTS)
    with pytest.raises(Conflict) as refusal:
        scene.panel(appeal_id)
    assert refusal.value.code == "stepped-down"
    with pytest.raises(Conflict) as refusal:
        scene.conclude(appeal_id, by=THIRD_ASSESSOR)
    assert refusal.value.code == "panel-incomplete"
    scene.panel(appeal_id, [SECOND_ASSESSOR, THIRD_ASSESSOR, SECRETARY])
    scene.vote(appeal_id, THIRD_ASSESSOR)
    scene.vote(appeal_id, SECRETARY)
    scene.conclude(appeal_id, by=SECRETARY)
    (fact,) = told(scene.database, ReassessmentOrdered)
    assert COMPLAINTS.id in fact.excluded_assessors


def test_who_has_voted_is_not_replaced(scene: Scene) -> None:
    appeal_id = scene.appeal(scene.decided({UNITS[0]: BK}), [UNITS[0]])
    scene.panel(appeal_id)
    scene.vote(appeal_id, COMPLAINTS)
    with pytest.raises(Conflict) as refusal:
        scene.panel(appeal_id, [SECOND_ASSESSOR, THIRD_ASSESSOR, SECRETARY])
    assert refusal.value.code == "voted-already"


def test_the_panel_sees_how_earlier_appeals_on_the_unit_ended(scene: Scene) -> None:
    earlier = scene.decided({UNITS[0]: BK, UNITS[1]: BK}, applicant=STRANGER)
    scene.heard(scene.appeal(earlier, [UNITS[0]], by=STRANGER), upheld=True)
    other_unit = scene.decided({UNITS[2]: BK}, applicant=STRANGER)
    scene.heard(scene.appeal(other_unit, [UNITS[2]], by=STRANGER), upheld=False)
    appeal_id = scene.appeal(scene.decided({UNITS[0]: BK}), [UNITS[0]])
    scene.panel(appeal_id)
    with scene.database.reading() as session:
        found = appeals.view_appeal(session, COMPLAINTS, appeal_id).precedents
    assert [(one.unit, one.upheld) for one in found] == [(UNITS[0], True)]
    assert STRANGER.name not in str(found)


def test_a_recused_member_who_sat_in_the_meeting_hears_no_appeal_either(scene: Scene) -> None:
    case_id = scene.case({UNITS[0]: BK}, verifier_id=QUALITY.id)
    meeting_id = scene.call(case_id)
    scene.open(meeting_id)
    scene.opine(meeting_id, [case_id], [actor for actor in OTHERS if actor is not QUALITY])
    scene.decide(meeting_id, case_id)
    appeal_id = scene.appeal(case_id, [UNITS[0]])
    with pytest.raises(Conflict) as refusal:
        scene.panel(appeal_id, [QUALITY, *PANEL[:2]])
    assert refusal.value.details["refused"][0]["grounds"] == ["verifier", "decision_maker"]


def test_the_reassessment_is_decided_at_another_meeting(scene: Scene) -> None:
    case_id = scene.decided({UNITS[0]: BK, UNITS[1]: K})
    scene.heard(scene.appeal(case_id, [UNITS[0]]), upheld=True)
    scene.reassessed(case_id, {UNITS[0]: K}, 1)
    with scene.database.reading() as session:
        assert session.get_one(DecisionCase, case_id).attempt == 1
    scene.decide(scene.discussed(case_id), case_id)
    assert scene.state(case_id) is CaseState.DECIDED_K
    assert scene.decision(case_id).serial == 2


def test_neither_a_vote_nor_an_outcome_goes_without_its_reasons() -> None:
    with pytest.raises(ValidationError):
        panels.CastVote(vote=Vote.UPHOLD, reasons="  ")
    with pytest.raises(ValidationError):
        panels.Conclude(reasons="  ")
