"""What is withheld from an officer who keeps out of a case, until it is decided (R1, ISO/IEC 17024 9.4)."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.decision.domain.impartiality import find_conflicts
from services.decision.domain.workflow import CaseState
from services.decision.models import AgendaItem, DecisionCase, Recusal
from services.decision.queries.sittings import gather_involved, list_recommendations
from shared.errors import N_, Forbidden
from shared.security.actor import Actor
from shared.security.roles import OFFICERS

UNDECIDED = (CaseState.AWAITING_MEETING, CaseState.ON_AGENDA, CaseState.DISCUSSED)


def list_withheld(session: Session, actor: Actor, cases: Collection[DecisionCase]) -> set[UUID]:
    """The undecided of the cases that the actor, an officer, keeps out of: by a recusal, or by what the records show.

    Neither what is recommended nor what the others say reaches who must not take part in it (R1).
    """
    waiting = {case.id: case for case in cases if case.state in UNDECIDED}
    if not waiting or not actor.has(*OFFICERS):
        return set()
    recused = select(Recusal.case_id).where(Recusal.case_id.in_(waiting), Recusal.member_id == actor.id)
    involved = gather_involved(session, list(waiting.values()), list_recommendations(session, list(waiting)))
    return {*session.scalars(recused), *(one for one in waiting if find_conflicts(involved[one], actor.id))}


def require_nothing_withheld(session: Session, actor: Actor, meeting_id: UUID) -> None:
    """Refuse the minutes while they tell of a case that is withheld from the actor. Raises Forbidden `recused`."""
    agenda = (
        select(DecisionCase)
        .join(AgendaItem, AgendaItem.case_id == DecisionCase.id)
        .where(AgendaItem.meeting_id == meeting_id, AgendaItem.attempt == DecisionCase.attempt)
    )
    if list_withheld(session, actor, list(session.scalars(agenda))):
        raise Forbidden(
            "recused",
            N_("Notula memuat berkas yang tidak Anda bahas dan yang belum diputuskan; buka setelah ada putusan."),
        )
