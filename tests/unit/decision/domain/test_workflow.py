"""The states of a case and what leads from one to the next (process 2.8 to 2.10)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.decision.domain.workflow import (
    AppealState,
    CaseAct,
    CaseState,
    MeetingState,
    apply_decision_act,
    is_act_allowed,
    require_meeting_state,
)
from shared.errors import Conflict

DECIDED = {CaseState.DECIDED_K, CaseState.DECIDED_BK}


def test_a_case_goes_from_recommendation_to_decision() -> None:
    state = CaseState.AWAITING_MEETING
    for act in (CaseAct.PUT_ON_AGENDA, CaseAct.DISCUSS, CaseAct.DECIDE_K):
        state = apply_decision_act(state, act)
    assert state is CaseState.DECIDED_K


def test_an_upheld_appeal_brings_the_case_back_to_a_meeting() -> None:
    state = CaseState.DECIDED_BK
    for act in (CaseAct.APPEAL, CaseAct.ORDER_REASSESSMENT, CaseAct.RECOMMEND_AGAIN):
        state = apply_decision_act(state, act)
    assert state is CaseState.AWAITING_MEETING


@given(st.sampled_from(CaseState), st.sampled_from(CaseAct))
def test_an_act_is_either_allowed_or_refused_and_leaves_the_state(state: CaseState, act: CaseAct) -> None:
    if is_act_allowed(state, act):
        assert isinstance(apply_decision_act(state, act), CaseState)
    else:
        with pytest.raises(Conflict) as refusal:
            apply_decision_act(state, act)
        assert refusal.value.details == {"state": state.value}


@given(st.lists(st.sampled_from(CaseAct), max_size=40))
def test_no_way_leads_to_a_decision_without_discussion_nor_out_of_a_final_state(acts: list[CaseAct]) -> None:
    state = CaseState.AWAITING_MEETING
    for act in acts:
        if not is_act_allowed(state, act):
            continue
        before, state = state, apply_decision_act(state, act)
        assert before not in (CaseState.DECIDED_K, CaseState.CLOSED)
        if state in DECIDED:
            assert before is CaseState.DISCUSSED


def test_a_decided_case_cannot_be_withdrawn() -> None:
    assert not is_act_allowed(CaseState.DECIDED_K, CaseAct.WITHDRAW)
    assert not is_act_allowed(CaseState.DECIDED_BK, CaseAct.WITHDRAW)
    assert not is_act_allowed(CaseState.APPEALED, CaseAct.WITHDRAW)


@given(st.sampled_from(MeetingState), st.sets(st.sampled_from(MeetingState), min_size=1))
def test_a_meeting_must_stand_as_the_act_needs_it(state: MeetingState, wanted: set[MeetingState]) -> None:
    if state in wanted:
        require_meeting_state(state, *wanted)
    else:
        with pytest.raises(Conflict):
            require_meeting_state(state, *wanted)


def test_an_appeal_has_ended_when_it_was_upheld_or_dismissed() -> None:
    assert {state for state in AppealState if state.ended} == {AppealState.UPHELD, AppealState.DISMISSED}
