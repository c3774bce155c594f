"""A BK decision becomes final: no way on is open any more, and the other stages are told (process 2.10)."""

from enum import StrEnum

from sqlalchemy.orm import Session

from services.decision.commands.moving import advance_decision_case
from services.decision.domain.workflow import CaseAct
from services.decision.models import DecisionCase
from shared import audit, clock
from shared.contracts.decision import CaseClosed
from shared.errors import N_
from shared.messaging.outbox import announce
from shared.security.actor import Actor


class Closing(StrEnum):
    """Why a case is closed."""

    LAPSED = "lapsed"
    APPEAL_DISMISSED = "appeal_dismissed"


REASONS = {
    Closing.LAPSED: N_("Batas waktu banding lewat tanpa banding."),
    Closing.APPEAL_DISMISSED: N_("Banding ditolak."),
}
_ACTS = {Closing.LAPSED: CaseAct.LET_LAPSE, Closing.APPEAL_DISMISSED: CaseAct.DISMISS}


def close_case(session: Session, actor: Actor, case: DecisionCase, why: Closing) -> None:
    """Close the case, tell it, so that the person may apply anew, and note it (R26). Raises Conflict `case-state`."""
    before = {"state": case.state}
    advance_decision_case(case, _ACTS[why])
    case.closed_reason = REASONS[why]
    announce(
        session,
        case,
        CaseClosed(
            application_id=case.id,
            applicant_id=case.applicant_id,
            scheme_id=case.scheme_id,
            scheme_title=case.scheme_title,
            reason=why.value,
            closed_at=clock.now(),
        ),
    )
    after = {"state": case.state, "reason": why.value}
    audit.record_act(session, actor, "case:close", case.subject, before, after)
