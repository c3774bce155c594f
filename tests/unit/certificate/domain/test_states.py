import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.certificate.domain.states import (
    LIVING,
    MOVES,
    PUBLIC,
    STATE_NAMES,
    Act,
    OrderState,
    State,
    apply_certificate_act,
)
from shared.errors import Conflict

ENDS = (State.WITHDRAWN, State.EXPIRED, State.VOIDED)


@given(st.sampled_from(State), st.sampled_from(Act))
def test_every_act_leads_on_or_is_refused_with_the_reason(state: State, act: Act) -> None:
    if (state, act) in MOVES:
        assert apply_certificate_act(state, act) is MOVES[state, act]
    else:
        with pytest.raises(Conflict) as refusal:
            apply_certificate_act(state, act)
        assert refusal.value.details == {"state": state.value}


@given(st.lists(st.sampled_from(Act), max_size=12))
def test_no_way_leads_out_of_an_end_and_none_back_to_the_making(acts: list[Act]) -> None:
    state, seen = State.NUMBERED, []
    for act in acts:
        if (state, act) in MOVES:
            state = apply_certificate_act(state, act)
            seen.append(state)
    assert State.NUMBERED not in seen
    assert not [before for before in seen[:-1] if before in ENDS]


def test_only_what_was_issued_is_public() -> None:
    assert set(PUBLIC) == set(State) - {State.NUMBERED, State.VOIDED}
    assert set(LIVING) <= set(PUBLIC)


def test_every_state_has_a_name() -> None:
    assert set(STATE_NAMES) == {*State, *OrderState}
