"""The candidate appeals against a BK decision (process 2.10, FR.AK.04; R9, R28)."""

from uuid import UUID

from pydantic import Field
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.decision.commands import loading
from services.decision.commands.inputs import Input, Note
from services.decision.commands.moving import advance_decision_case
from services.decision.commands.numbering import take_numbers
from services.decision.domain.appeals import Standing, Step, check_appeal
from services.decision.domain.judging import find_bk_units
from services.decision.domain.workflow import AppealState, CaseAct, CaseState, apply_decision_act
from services.decision.models import Appeal, AppealStep, AppealUnit
from services.decision.queries.chain import count_reassessments
from shared import audit, clock
from shared.contracts.decision import AppealReceived
from shared.errors import N_, Conflict
from shared.messaging.outbox import announce
from shared.security.actor import Actor


class FileAppeal(Input):
    """`units` are BK units of the decision; `reasons` is what the panel reads."""

    units: list[str] = Field(max_length=200)
    reasons: Note


def file_appeal(session: Session, actor: Actor, case_id: UUID, command: FileAppeal) -> Appeal:
    """Receive an appeal and acknowledge it, both with their time (R9).

    Somebody else's case is not found. Raises Conflict `case-state`, `appealed-before`,
    `appeal-too-late` or `reassessments-used-up`.
    """
    case = loading.lock_own_case(session, actor, case_id)
    apply_decision_act(CaseState(case.state), CaseAct.APPEAL)
    take_numbers(session, f"person/{case.applicant_id}")  # one at a time counts this person's re-assessments
    decision = loading.load_standing_decision(session, case)
    if case.appeal_until is None:
        raise Conflict("appealed-before", N_("Putusan ini sudah pernah dibanding dan banding itu sudah selesai."))
    units = sorted(set(command.units))
    standing = Standing(tuple(find_bk_units(decision.units)), decision.appeal_until, count_reassessments(session, case))
    now = clock.now()
    check_appeal(standing, units, command.reasons, now)
    appeal = Appeal(
        case_id=case.id,
        decision_id=decision.id,
        applicant_id=case.applicant_id,
        attempt=case.attempt,
        reasons=command.reasons,
        state=AppealState.RECEIVED,
        received_at=now,
    )
    session.add(appeal)
    session.flush()
    session.add_all(AppealUnit(appeal_id=appeal.id, unit=unit) for unit in units)
    tell_appellant(session, appeal, Step.RECEIVED)
    tell_appellant(session, appeal, Step.ACKNOWLEDGED)
    advance_decision_case(case, CaseAct.APPEAL)
    announce(
        session,
        appeal,
        AppealReceived(
            appeal_id=appeal.id, application_id=case.id, applicant_id=case.applicant_id, received_at=now, units=units
        ),
    )
    audit.record_act(session, actor, "appeal:file", appeal.subject, None, {"case": str(case.id), "units": units})
    return appeal


def tell_appellant(session: Session, appeal: Appeal, what: Step) -> None:
    """Add a step to what the appellant is told of the appeal, with its time (R9, ISO/IEC 17024 9.8)."""
    session.flush()
    known = session.scalar(select(func.count()).where(AppealStep.appeal_id == appeal.id)) or 0
    session.add(AppealStep(appeal_id=appeal.id, position=known + 1, step=what, at=clock.now()))
