"""A case moves on with the time of it, and follows who is there and who has spoken."""

from uuid import UUID

import pytest

from services.decision.commands.moving import advance_decision_case, settle_case
from services.decision.domain.assembly import Decider, Sitting
from services.decision.domain.workflow import CaseAct, CaseState
from services.decision.models import DecisionCase
from shared import clock
from shared.errors import Conflict

CHAIR, OTHER = UUID(int=1), UUID(int=2)
DECIDER = Decider(CHAIR, acting=False)


def sitting(*spoken: UUID, present: frozenset[UUID] = frozenset({CHAIR, OTHER})) -> Sitting:
    return Sitting(present=present, recused=frozenset(), spoken=frozenset(spoken), quorum=2)


def case(state: CaseState) -> DecisionCase:
    return DecisionCase(state=state, state_since=clock.now())


def test_a_move_sets_the_state_and_since_when() -> None:
    moved = case(CaseState.AWAITING_MEETING)
    before = moved.state_since
    advance_decision_case(moved, CaseAct.PUT_ON_AGENDA)
    assert moved.state == CaseState.ON_AGENDA
    assert moved.state_since >= before


def test_a_move_the_state_does_not_allow_changes_nothing() -> None:
    moved = case(CaseState.AWAITING_MEETING)
    with pytest.raises(Conflict):
        advance_decision_case(moved, CaseAct.DECIDE_K)
    assert moved.state == CaseState.AWAITING_MEETING


@pytest.mark.parametrize(
    ("state", "spoken", "decider", "settled"),
    [
        (CaseState.ON_AGENDA, [OTHER], DECIDER, CaseState.DISCUSSED),
        (CaseState.ON_AGENDA, [], DECIDER, CaseState.ON_AGENDA),
        (CaseState.DISCUSSED, [OTHER], DECIDER, CaseState.DISCUSSED),
        (CaseState.DISCUSSED, [], DECIDER, CaseState.ON_AGENDA),
        (CaseState.DISCUSSED, [OTHER], None, CaseState.ON_AGENDA),
    ],
)
def test_a_case_is_discussed_while_everybody_has_spoken_and_somebody_can_decide(
    state: CaseState, spoken: list[UUID], decider: Decider | None, settled: CaseState
) -> None:
    moved = case(state)
    settle_case(moved, sitting(*spoken), decider)
    assert moved.state == settled


def test_a_case_is_open_again_when_its_decider_left() -> None:
    moved = case(CaseState.DISCUSSED)
    settle_case(moved, sitting(OTHER, present=frozenset({OTHER})), DECIDER)
    assert moved.state == CaseState.ON_AGENDA
