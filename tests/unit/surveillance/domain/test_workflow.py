"""The states of one year's surveillance."""

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.surveillance.domain.workflow import (
    REPORTABLE,
    STATE_NAMES,
    UNFINISHED,
    Outcome,
    State,
    apply_lapse,
    apply_opening,
    apply_overdue,
    apply_report,
    apply_review,
    list_possible_outcomes,
)
from shared.errors import Conflict

TODAY = date(2027, 11, 22)
states = st.sampled_from(State)


def review(state: State, outcome: Outcome) -> State:
    return apply_review(state, outcome, answer_by=date(2027, 11, 1), today=TODAY)


def test_a_year_goes_from_schedule_to_maintained() -> None:
    state = apply_report(apply_opening(State.SCHEDULED))
    assert review(state, Outcome.MAINTAINED) is State.MAINTAINED


def test_an_overdue_report_can_still_be_handed_in() -> None:
    assert apply_report(apply_overdue(apply_opening(State.SCHEDULED))) is State.REPORTED


def test_a_clarification_is_answered_by_a_new_report() -> None:
    state = review(State.REPORTED, Outcome.CLARIFICATION_NEEDED)
    assert apply_report(state) is State.REPORTED


def test_a_report_is_not_taken_before_its_window() -> None:
    with pytest.raises(Conflict) as refusal:
        apply_report(State.SCHEDULED)
    assert refusal.value.code == "surveillance-not-open"


def test_a_holder_who_never_reported_can_be_proposed_for_suspension_but_not_maintained() -> None:
    assert review(State.OVERDUE, Outcome.SUSPENSION_PROPOSED) is State.SUSPENSION_PROPOSED
    with pytest.raises(Conflict):
        review(State.OVERDUE, Outcome.MAINTAINED)


def test_nothing_is_proposed_while_the_holder_may_still_answer() -> None:
    with pytest.raises(Conflict) as refusal:
        apply_review(State.CLARIFICATION_NEEDED, Outcome.SUSPENSION_PROPOSED, answer_by=TODAY, today=TODAY)
    assert refusal.value.code == "clarification-still-open"


def test_an_unanswered_clarification_may_end_in_a_proposal() -> None:
    assert review(State.CLARIFICATION_NEEDED, Outcome.WITHDRAWAL_PROPOSED) is State.WITHDRAWAL_PROPOSED


@given(states, st.sampled_from(Outcome))
def test_no_review_ends_anywhere_but_at_its_outcome(state: State, outcome: Outcome) -> None:
    try:
        assert review(state, outcome).value == outcome.value
    except Conflict:
        assert state not in (State.REPORTED,)


@given(states)
def test_no_review_suspends_or_withdraws_by_itself(state: State) -> None:
    reachable = {outcome.value for outcome in Outcome}
    assert reachable.isdisjoint({"suspended", "withdrawn"})


@given(states, st.sampled_from([apply_opening, apply_overdue, apply_report, apply_lapse]))
def test_nothing_leaves_a_maintained_or_lapsed_year(state: State, step: Callable[[State], State]) -> None:
    if state in (State.MAINTAINED, State.LAPSED):
        with pytest.raises(Conflict):
            step(state)


@given(states)
def test_what_can_be_reported_or_reviewed_is_not_scheduled(state: State) -> None:
    assert (state in REPORTABLE) == _goes(apply_report, state)
    assert (state in UNFINISHED) == _goes(apply_lapse, state)


def test_a_silent_holder_leaves_the_reviewer_only_proposals() -> None:
    assert set(list_possible_outcomes(State.OVERDUE, answer_by=None, today=TODAY)) == {
        Outcome.SUSPENSION_PROPOSED,
        Outcome.WITHDRAWAL_PROPOSED,
    }


@given(states, st.dates())
def test_what_is_possible_is_what_a_review_accepts(state: State, today: date) -> None:
    answer_by = date(2027, 11, 1)
    for outcome in list_possible_outcomes(state, answer_by=answer_by, today=today):
        assert apply_review(state, outcome, answer_by=answer_by, today=today).value == outcome.value


def test_every_state_has_a_name_for_people() -> None:
    assert set(STATE_NAMES) == set(State)


def _goes(step: Callable[[State], State], state: State) -> bool:
    try:
        step(state)
    except Conflict:
        return False
    return True


REFUSALS: list[tuple[Callable[[], State], str, dict[str, object]]] = [
    (lambda: apply_opening(State.OPEN), "surveillance-not-scheduled", {"state": State.OPEN}),
    (lambda: apply_overdue(State.MAINTAINED), "surveillance-not-open", {"state": State.MAINTAINED}),
    (lambda: apply_report(State.SCHEDULED), "surveillance-not-open", {}),
    (lambda: apply_report(State.MAINTAINED), "surveillance-not-reportable", {"state": State.MAINTAINED}),
    (lambda: apply_lapse(State.MAINTAINED), "surveillance-finished", {"state": State.MAINTAINED}),
    (lambda: review(State.LAPSED, Outcome.MAINTAINED), "surveillance-not-reviewable", {"state": State.LAPSED}),
    (
        lambda: apply_review(State.CLARIFICATION_NEEDED, Outcome.SUSPENSION_PROPOSED, answer_by=TODAY, today=TODAY),
        "clarification-still-open",
        {"until": TODAY},
    ),
]


@pytest.mark.parametrize(
    ("refuse", "code", "about"), REFUSALS, ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_refusal_has_its_code_and_says_what_stands_in_the_way(
    refuse: Callable[[], State], code: str, about: dict[str, object]
) -> None:
    """A program goes by the code; a person is told the state, or the day until when to wait."""
    with pytest.raises(Conflict) as refused:
        refuse()
    assert (refused.value.code, refused.value.params) == (code, about)
    assert refused.value.message
