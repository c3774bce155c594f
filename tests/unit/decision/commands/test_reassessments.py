"""A candidate asks for a re-assessment after BK, or gives the ways on up (process 2.10; domain handbook 10; R28)."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from services.decision.commands import reassessments
from services.decision.domain.ways import compute_reassessment_end
from services.decision.domain.workflow import CaseState
from services.decision.queries import cases
from shared.contracts.decision import AppealReceived, CaseClosed, CertificationDecided, ReassessmentOrdered
from shared.errors import Conflict, Invalid, NotFound
from tests.unit.decision.scene import BK, CANDIDATE, STRANGER, UNITS, K, Scene, told


def test_who_accepts_bk_gets_another_try_at_bk_units_without_a_panel(scene: Scene) -> None:
    case_id = scene.decided({UNITS[0]: BK, UNITS[1]: K, UNITS[2]: BK})
    scene.ask_again(case_id, [UNITS[2]])
    (fact,) = told(scene.database, ReassessmentOrdered)
    assert (fact.attempt, fact.units, fact.excluded_assessors, fact.another_assessor) == (1, [UNITS[2]], [], False)
    assert scene.state(case_id) is CaseState.REASSESSMENT_ORDERED
    scene.reassessed(case_id, {UNITS[2]: K}, 1)
    scene.decide(scene.discussed(case_id), case_id)
    assert scene.decision(case_id).units == {UNITS[0]: "BK", UNITS[1]: "K", UNITS[2]: "K"}


def test_it_takes_the_candidate_the_bk_units_and_the_acceptance(scene: Scene) -> None:
    case_id = scene.decided({UNITS[0]: BK, UNITS[1]: K})
    with pytest.raises(NotFound):
        scene.ask_again(case_id, [UNITS[0]], by=STRANGER)
    for units in ([], [UNITS[1]], [UNITS[0], "R.91PRP02.099.1"]):
        with pytest.raises(Invalid) as refusal:
            scene.ask_again(case_id, units)
        assert set(refusal.value.fields) == {"units"}
    with pytest.raises(Invalid) as refusal:
        scene.ask_again(case_id, [UNITS[0]], accepts=False)
    assert set(refusal.value.fields) == {"accepts"}
    assert scene.state(case_id) is CaseState.DECIDED_BK


def test_both_ways_are_never_open_at_once(scene: Scene) -> None:
    asked, appealed = scene.decided({UNITS[0]: BK}), scene.decided({UNITS[0]: BK})
    scene.ask_again(asked, [UNITS[0]])
    with pytest.raises(Conflict):
        scene.appeal(asked, [UNITS[0]])
    with pytest.raises(Conflict):
        scene.ask_again(asked, [UNITS[0]])
    scene.appeal(appealed, [UNITS[0]])
    with pytest.raises(Conflict):
        scene.ask_again(appealed, [UNITS[0]])
    with scene.database.unit_of_work() as session, pytest.raises(Conflict):
        reassessments.give_up_ways(session, CANDIDATE, appealed)
    assert len(told(scene.database, AppealReceived)) == len(told(scene.database, ReassessmentOrdered)) == 1


def test_within_twelve_months_it_can_be_asked_for_also_after_the_time_to_appeal(
    scene: Scene, later: Callable[[timedelta], None]
) -> None:
    first, second = scene.decided({UNITS[0]: BK}), scene.decided({UNITS[0]: BK}, filed_at=None)
    later(timedelta(days=360))
    with pytest.raises(Conflict) as refusal:
        scene.appeal(first, [UNITS[0]])
    assert refusal.value.code == "appeal-too-late"
    scene.ask_again(first, [UNITS[0]])
    later(timedelta(days=367))
    with pytest.raises(Conflict) as late:
        scene.ask_again(second, [UNITS[0]])
    assert late.value.code == "reassessment-too-late"


def test_the_last_day_is_whole_and_a_short_month_ends_earlier() -> None:
    decided = datetime(2027, 2, 27, 18, tzinfo=UTC)  # the 28th in Jakarta
    assert compute_reassessment_end(decided, 12).isoformat() == "2028-02-28T16:59:59+00:00"
    leap = datetime(2028, 2, 29, 5, tzinfo=UTC)
    assert compute_reassessment_end(leap, 12).isoformat() == "2029-02-28T16:59:59+00:00"


def test_tries_count_together_on_both_ways_and_the_third_is_the_last(scene: Scene) -> None:
    """This failure mode means that a fourth try is had by taking the other way (R28)."""
    case_id = scene.decided({UNITS[0]: BK})
    for attempt in (1, 2, 3):
        with scene.database.reading() as session:
            own = cases.view_own_decision_case(session, CANDIDATE, case_id)
        assert [(one.unit, one.number, one.most) for one in own.tries] == [(UNITS[0], attempt, 3)]
        if attempt == 2:
            scene.heard(scene.appeal(case_id, [UNITS[0]]), upheld=True)
        else:
            scene.ask_again(case_id, [UNITS[0]])
        scene.reassessed(case_id, {UNITS[0]: BK}, attempt)
        scene.decide(scene.discussed(case_id), case_id)
    assert scene.state(case_id) is CaseState.CLOSED
    assert [fact.reason for fact in told(scene.database, CaseClosed)] == ["used_up"]
    for way in (scene.ask_again, scene.appeal):
        with pytest.raises(Conflict):
            way(case_id, [UNITS[0]])


def test_who_gives_the_ways_up_may_apply_anew(scene: Scene) -> None:
    case_id = scene.decided({UNITS[0]: BK})
    (decided,) = told(scene.database, CertificationDecided)
    assert decided.reassess_until is not None
    with scene.database.unit_of_work() as session, pytest.raises(NotFound):
        reassessments.give_up_ways(session, STRANGER, case_id)
    with scene.database.unit_of_work() as session:
        reassessments.give_up_ways(session, CANDIDATE, case_id)
    assert [(fact.application_id, fact.reason) for fact in told(scene.database, CaseClosed)] == [(case_id, "given_up")]
    with pytest.raises(Conflict):
        scene.ask_again(case_id, [UNITS[0]])


def test_the_candidate_reads_why_each_unit_is_bk_and_what_would_show_competence(scene: Scene) -> None:
    notes = {UNITS[0]: "Tajuk tidak mengikuti daftar kendali (contoh)"}
    case_id = scene.decided({UNITS[0]: BK, UNITS[1]: BK}, unit_notes=notes)
    with scene.database.reading() as session:
        tries = cases.view_own_decision_case(session, CANDIDATE, case_id).tries
    assert [one.reasons for one in tries] == [[notes[UNITS[0]]], ["Bukti mencukupi (contoh)"]]
    assert tries[0].elements
