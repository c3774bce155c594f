"""Moving a case on to its next state, with the time of it, and telling who has a part in it."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy.orm import Session

from services.decision.domain.assembly import Decider, Sitting, is_case_discussed
from services.decision.domain.workflow import CaseAct, CaseState, apply_decision_act
from services.decision.models import DecisionCase
from shared import clock
from shared.contracts.involvement import DecisionPeopleInvolved
from shared.contracts.words import Involvement
from shared.involvement.recording import record_involvement


def advance_decision_case(case: DecisionCase, act: CaseAct) -> None:
    """Bring the case into the state `act` leads to, from now on. Raises Conflict `case-state`."""
    case.state, case.state_since = apply_decision_act(CaseState(case.state), act), clock.now()


def settle_case(case: DecisionCase, sitting: Sitting, decider: Decider | None) -> None:
    """Bring an undecided case in step with who is there and who has spoken: on the agenda, or discussed."""
    discussed = is_case_discussed(sitting, decider.account if decider else None)
    if discussed and case.state == CaseState.ON_AGENDA:
        advance_decision_case(case, CaseAct.DISCUSS)
    elif not discussed and case.state == CaseState.DISCUSSED:
        advance_decision_case(case, CaseAct.REOPEN_DISCUSSION)


def tell_part(session: Session, case: DecisionCase, people: Collection[UUID], part: Involvement) -> None:
    """Note that these people have this part in the case, and tell the other stages (R1, R7, R10, R25)."""
    fact = DecisionPeopleInvolved(
        application_id=case.id, applicant_id=case.applicant_id, people=list(people), part=part, since=clock.now()
    )
    record_involvement(session, case, fact)
