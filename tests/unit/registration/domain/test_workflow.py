import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registration.domain.workflow import (
    FORM_OPEN,
    HAPPENED,
    NEXT,
    SELF_ASSESSMENT_OPEN,
    STATES,
    Act,
    Stage,
    State,
    apply_application_act,
)
from shared.errors import Conflict


def walk(*steps: Act) -> State:
    state = State.DRAFT
    for step in steps:
        state = apply_application_act(state, step)
    return state


def test_the_straight_way_leads_from_draft_to_the_submitted_file() -> None:
    assert walk(Act.FILE, Act.ADMIT, Act.SUBMIT) is State.SELF_ASSESSED


def test_a_returned_file_goes_round_until_it_is_complete() -> None:
    assert walk(Act.FILE, Act.RETURN, Act.FILE, Act.RETURN, Act.FILE, Act.ADMIT) is State.ADMITTED


def test_the_assessor_may_send_a_submitted_file_back() -> None:
    assert walk(Act.FILE, Act.ADMIT, Act.SUBMIT, Act.RETURN_BY_ASSESSOR, Act.SUBMIT) is State.SELF_ASSESSED


def test_a_filed_application_cannot_be_filed_again() -> None:
    with pytest.raises(Conflict) as refused:
        apply_application_act(State.FILED, Act.FILE)
    assert refused.value.code == "application-not-draft"
    assert refused.value.details == {"state": "filed"}
    assert "Diajukan" in str(refused.value)


def test_self_assessment_never_opens_before_admission() -> None:
    for state in State:
        if state not in SELF_ASSESSMENT_OPEN:
            with pytest.raises(Conflict):
                apply_application_act(state, Act.SUBMIT)


@given(st.lists(st.sampled_from(Act), max_size=12))
def test_nothing_follows_a_withdrawal_and_nobody_is_submitted_unadmitted(steps: list[Act]) -> None:
    state, admitted = State.DRAFT, False
    for step in steps:
        try:
            moved = apply_application_act(state, step)
        except Conflict:
            continue
        assert state is not State.WITHDRAWN
        admitted = admitted or step is Act.ADMIT
        assert moved is not State.SELF_ASSESSED or admitted
        state = moved


def test_every_state_and_stage_has_words_for_the_applicant() -> None:
    assert set(STATES) == set(State)
    assert set(HAPPENED) == set(NEXT) == set(Stage)
    assert FORM_OPEN.isdisjoint(SELF_ASSESSMENT_OPEN)
