"""A candidate asks for a re-assessment after BK, or gives the ways on up (process 2.10; domain handbook 10; R28)."""

from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from pydantic import Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from services.decision.commands import loading
from services.decision.commands.closing import Closing, close_case
from services.decision.commands.inputs import Input
from services.decision.commands.moving import advance_decision_case
from services.decision.commands.numbering import take_numbers
from services.decision.domain.appeals import Standing, find_used_up_units
from services.decision.domain.judging import find_bk_units
from services.decision.domain.ways import check_reassessment_request
from services.decision.domain.workflow import CaseAct, CaseState, apply_decision_act
from services.decision.models import Appeal, DecisionCase, PanelMember, Reassessment
from services.decision.queries.chain import count_reassessments
from shared import audit, clock
from shared.contracts.decision import ReassessmentOrdered
from shared.messaging.outbox import announce
from shared.security.actor import Actor


class RequestReassessment(Input):
    """`units` are BK units of the decision; `accepts` says that the candidate accepts the decision."""

    units: list[str] = Field(max_length=200)
    accepts: bool = False


def request_reassessment(session: Session, actor: Actor, case_id: UUID, command: RequestReassessment) -> DecisionCase:
    """Order another try at BK units because their candidate asks for it: no panel, and the same assessor may do it.

    Raises NotFound for somebody else's case, Conflict `case-state` while an appeal or a re-assessment is under way, and
    what `check_reassessment_request` raises.
    """
    case = loading.lock_own_case(session, actor, case_id)
    apply_decision_act(CaseState(case.state), CaseAct.REQUEST_REASSESSMENT)
    take_numbers(session, f"person/{case.applicant_id}")  # one at a time counts this person's re-assessments
    decision = loading.load_standing_decision(session, case)
    units = sorted(set(command.units))
    standing = Standing(tuple(find_bk_units(decision.units)), decision.appeal_until, count_reassessments(session, case))
    numbers = check_reassessment_request(standing, case.reassess_until, units, clock.now(), accepts=command.accepts)
    # Who has read an appeal of this case assesses it no more, however the appeal ended (R10).
    readers = session.scalars(
        select(PanelMember.account_id).join(Appeal, Appeal.id == PanelMember.appeal_id).where(Appeal.case_id == case.id)
    )
    order_reassessment(session, actor, case, numbers, CaseAct.REQUEST_REASSESSMENT, excluded=set(readers))
    return case


def give_up_ways(session: Session, actor: Actor, case_id: UUID) -> DecisionCase:
    """Close one's own BK case for good: no re-assessment and no appeal any more, a new application instead.

    Raises NotFound for somebody else's case, Conflict `case-state` while an appeal or a re-assessment is under way.
    """
    case = loading.lock_own_case(session, actor, case_id)
    close_case(session, actor, case, Closing.GIVEN_UP)
    return case


def close_used_up(session: Session, actor: Actor, cases: Iterable[DecisionCase]) -> None:
    """Close those of the cases in which every BK unit was re-assessed three times: a new application is next (R28)."""
    for case in cases:
        if case.state != CaseState.DECIDED_BK or case.attempt == 0:
            continue
        units = find_bk_units(case.standing)
        if len(find_used_up_units(units, count_reassessments(session, case))) == len(units):
            close_case(session, actor, case, Closing.USED_UP)


def order_reassessment(
    session: Session,
    actor: Actor,
    case: DecisionCase,
    numbers: Mapping[str, int],
    act: CaseAct,
    *,
    appeal: Appeal | None = None,
    excluded: Collection[UUID] = (),
) -> None:
    """Begin the next attempt at the units of `numbers`, each with its number of three, and tell it (R28).

    After an appeal it goes to another assessor, by none of `excluded` (R10).
    """
    now = clock.now()
    case.attempt += 1
    case.appeal_until = case.reassess_until = None
    advance_decision_case(case, act)
    session.add_all(
        Reassessment(
            person_id=case.applicant_id,
            application_id=case.id,
            appeal_id=appeal.id if appeal else None,
            unit=unit,
            attempt=case.attempt,
            number=number,
            ordered_at=now,
        )
        for unit, number in numbers.items()
    )
    announce(
        session,
        case,
        ReassessmentOrdered(
            application_id=case.id,
            applicant_id=case.applicant_id,
            attempt=case.attempt,
            units=list(numbers),
            excluded_assessors=sorted(excluded),
            another_assessor=appeal is not None,
            ordered_at=now,
        ),
    )
    after = {"attempt": case.attempt, "numbers": dict(numbers)}
    audit.record_act(session, actor, f"case:{act.value.replace('_', '-')}", case.subject, None, after)
