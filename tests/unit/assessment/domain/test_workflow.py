"""The case's way through the stage."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.assessment.domain.workflow import (
    FINAL,
    TRANSITIONS,
    Act,
    State,
    apply_assessment_act,
    check_assessment_act,
    list_assessment_acts,
)
from shared.errors import Conflict

WAY = [
    Act.ASSIGN,
    Act.CLEAR,
    Act.SCHEDULE_PRE_ASSESSMENT,
    Act.PROPOSE_PLAN,
    Act.AGREE,
    Act.SCHEDULE_ASSESSMENT,
    Act.BE_READY,
    Act.COMPLETE_RECORD,
    Act.RECOMMEND,
]


def test_the_plain_way_leads_from_the_first_state_to_the_recommendation() -> None:
    state = State.AWAITING_ASSESSOR
    for act in WAY:
        state = apply_assessment_act(state, act)
    assert state is State.RECOMMENDED


@given(st.sampled_from(State), st.sampled_from(Act))
def test_what_is_not_in_the_table_is_refused_and_says_the_state(state: State, act: Act) -> None:
    if (state, act) in TRANSITIONS:
        check_assessment_act(state, act)
        assert apply_assessment_act(state, act) is TRANSITIONS[state, act]
        assert act in list_assessment_acts(state)
    else:
        assert act not in list_assessment_acts(state)
        for ask in (apply_assessment_act, check_assessment_act):
            with pytest.raises(Conflict) as refusal:
                ask(state, act)
            assert refusal.value.code == "case-state"
            assert refusal.value.details == {"state": state.value, "act": act.value}
            assert state.value in str(refusal.value)


@given(st.lists(st.sampled_from(Act), max_size=60))
def test_no_sequence_of_acts_records_anything_before_impartiality_is_declared(acts: list[Act]) -> None:
    state, cleared = State.AWAITING_ASSESSOR, False
    for act in acts:
        if (state, act) not in TRANSITIONS:
            continue
        state = apply_assessment_act(state, act)
        if act is Act.CLEAR:
            cleared = True
        elif act in (Act.BLOCK, Act.RELEASE):
            cleared = False
        if act in (Act.RECORD, Act.COMPLETE_RECORD, Act.RECOMMEND, Act.PROPOSE_PLAN):
            assert cleared


@given(st.lists(st.sampled_from(Act), max_size=60))
def test_a_recommendation_follows_an_agreement(acts: list[Act]) -> None:
    state, agreed = State.AWAITING_ASSESSOR, False
    for act in acts:
        if (state, act) in TRANSITIONS:
            state = apply_assessment_act(state, act)
            agreed = agreed or act is Act.AGREE
    assert state is not State.RECOMMENDED or agreed


@pytest.mark.parametrize("state", sorted(FINAL))
def test_nothing_leads_out_of_a_final_state(state: State) -> None:
    assert not list_assessment_acts(state)


def test_every_state_but_the_refused_can_be_reached() -> None:
    reached = {State.AWAITING_ASSESSOR, *TRANSITIONS.values()}
    assert set(State) - reached == {State.REFUSED}


def test_no_state_and_no_act_is_a_decision() -> None:
    assert not {word for word in (*State, *Act) if "decide" in word or "decision" in word}
