"""An appeal is filed against a BK decision, and re-assessments are counted (process 2.10; R9, R28)."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from services.decision.commands.loading import load_case as case_of
from services.decision.domain.workflow import AppealState, CaseState
from services.decision.queries import cases
from services.decision.queries.chain import count_reassessments
from shared import clock
from shared.contracts.decision import AppealReceived, ReassessmentOrdered
from shared.contracts.words import Judgement
from shared.errors import Conflict, Invalid, NotFound
from tests.unit.decision.scene import BK, CANDIDATE, STRANGER, UNITS, K, Scene, told


def test_receipt_is_acknowledged_with_its_time(scene: Scene) -> None:
    case_id = scene.decided({UNITS[0]: BK, UNITS[1]: K})
    appeal_id = scene.appeal(case_id, [UNITS[0]])
    (fact,) = told(scene.database, AppealReceived)
    assert (fact.appeal_id, fact.applicant_id, fact.units) == (appeal_id, CANDIDATE.id, [UNITS[0]])
    with scene.database.reading() as session:
        own = cases.view_own_decision_case(session, CANDIDATE, case_id).decisions[0].appeal
    assert own is not None
    assert [step.step for step in own.steps] == ["received", "acknowledged"]
    assert all(step.at >= fact.received_at for step in own.steps)
    assert scene.state(case_id) is CaseState.APPEALED


def test_one_decision_is_appealed_once(scene: Scene) -> None:
    case_id = scene.decided({UNITS[0]: BK})
    scene.appeal(case_id, [UNITS[0]])
    with pytest.raises(Conflict):
        scene.appeal(case_id, [UNITS[0]])


def test_a_k_decision_cannot_be_appealed(scene: Scene) -> None:
    case_id = scene.decided({UNITS[0]: K})
    with pytest.raises(Conflict) as refusal:
        scene.appeal(case_id, [UNITS[0]])
    assert refusal.value.code == "case-state"


def test_only_bk_units_can_be_appealed(scene: Scene) -> None:
    case_id = scene.decided({UNITS[0]: BK, UNITS[1]: K})
    for units in ([], [UNITS[1]], [UNITS[0], "R.91PRP02.099.1"]):
        with pytest.raises(Invalid) as refusal:
            scene.appeal(case_id, units)
        assert set(refusal.value.fields) == {"units"}
    assert scene.state(case_id) is CaseState.DECIDED_BK


def test_after_the_time_limit_an_appeal_is_refused(scene: Scene, later: Callable[[timedelta], None]) -> None:
    case_id = scene.decided({UNITS[0]: BK})
    later(timedelta(days=15))
    with pytest.raises(Conflict) as refusal:
        scene.appeal(case_id, [UNITS[0]])
    assert refusal.value.code == "appeal-too-late"


def test_somebody_elses_case_is_not_found(scene: Scene) -> None:
    case_id = scene.decided({UNITS[0]: BK})
    with pytest.raises(NotFound):
        scene.appeal(case_id, [UNITS[0]], by=STRANGER)
    with pytest.raises(NotFound):
        scene.appeal(uuid4(), [UNITS[0]])


def round_of(scene: Scene, case_id: UUID, attempt: int, found: dict[str, Judgement]) -> None:
    """Appeal upheld, re-assessed, decided again."""
    appealed = sorted(found)
    scene.heard(scene.appeal(case_id, appealed), upheld=True)
    scene.reassessed(case_id, found, attempt)
    scene.decide(scene.discussed(case_id), case_id)


def test_a_reassessed_unit_joins_the_units_that_stayed_k(scene: Scene) -> None:
    case_id = scene.decided({UNITS[0]: K, UNITS[1]: BK})
    round_of(scene, case_id, 1, {UNITS[1]: K})
    assert scene.state(case_id) is CaseState.DECIDED_K
    decision = scene.decision(case_id)
    assert (decision.attempt, decision.units) == (1, {UNITS[0]: "K", UNITS[1]: "K"})
    assert decision.attempt_units == {UNITS[1]: "K"}


def test_the_fourth_reassessment_of_a_unit_is_refused_when_the_appeal_is_filed(scene: Scene) -> None:
    case_id = scene.decided({UNITS[0]: BK, UNITS[1]: BK})
    for attempt in (1, 2, 3):
        round_of(scene, case_id, attempt, {UNITS[0]: BK})
    with pytest.raises(Conflict) as refusal:
        scene.appeal(case_id, [UNITS[0]])
    assert refusal.value.code == "reassessments-used-up"
    assert "permohonan baru" in str(refusal.value)
    assert len(told(scene.database, ReassessmentOrdered)) == 3
    with scene.database.reading() as session:
        own = cases.view_own_decision_case(session, CANDIDATE, case_id)
    assert (own.used_up, [unit.unit for unit in own.appealable]) == ([UNITS[0]], [UNITS[1]])
    scene.appeal(case_id, [UNITS[1]])


def test_a_new_application_counts_from_the_start(scene: Scene) -> None:
    first = scene.decided({UNITS[0]: BK})
    round_of(scene, first, 1, {UNITS[0]: BK})
    second = scene.decided({UNITS[0]: BK}, filed_at=clock.now() + timedelta(minutes=1))
    with scene.database.reading() as session:
        assert count_reassessments(session, case_of(session, first)) == {UNITS[0]: 1}
        assert count_reassessments(session, case_of(session, second)) == {}


def test_a_second_application_beside_the_first_counts_together_with_it(scene: Scene) -> None:
    first = scene.decided({UNITS[0]: BK})
    second = scene.decided({UNITS[0]: BK}, filed_at=clock.now() - timedelta(days=30))
    round_of(scene, first, 1, {UNITS[0]: BK})
    with scene.database.reading() as session:
        assert count_reassessments(session, case_of(session, second)) == {UNITS[0]: 1}
    for attempt in (1, 2):
        round_of(scene, second, attempt, {UNITS[0]: BK})
    with pytest.raises(Conflict):
        scene.appeal(second, [UNITS[0]])
    with pytest.raises(Conflict):
        scene.appeal(first, [UNITS[0]])


def test_somebody_elses_reassessments_do_not_count(scene: Scene) -> None:
    first = scene.decided({UNITS[0]: BK})
    round_of(scene, first, 1, {UNITS[0]: BK})
    other = scene.decided({UNITS[0]: BK}, applicant=STRANGER)
    with scene.database.reading() as session:
        assert count_reassessments(session, case_of(session, other)) == {}
    assert scene.appeal_row(scene.appeal(other, [UNITS[0]], by=STRANGER)).state == AppealState.RECEIVED
