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
    GIVEN_UP = "given_up"
    USED_UP = "used_up"


REASONS = {
    Closing.LAPSED: N_("Batas waktu asesmen ulang dan banding lewat."),
    Closing.GIVEN_UP: N_("Ditutup oleh asesi: tidak meminta asesmen ulang dan tidak mengajukan banding."),
    Closing.USED_UP: N_("Unit yang belum kompeten sudah tiga kali dinilai ulang; ajukan permohonan baru."),
}
_ACTS = {Closing.LAPSED: CaseAct.LET_LAPSE, Closing.GIVEN_UP: CaseAct.GIVE_UP, Closing.USED_UP: CaseAct.LET_LAPSE}


def close_case(session: Session, actor: Actor, case: DecisionCase, why: Closing) -> None:
    """Close the case, tell it, so that the person may apply anew, and note it (R26). Raises Conflict `case-state`."""
    before = {"state": case.state}
    advance_decision_case(case, _ACTS[why])
    case.closed_reason, case.appeal_until, case.reassess_until = REASONS[why], None, None
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
