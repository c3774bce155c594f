"""Who may see the file of a case: who sits on it, keeps out of nothing, and has declared so (R1, R7)."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.decision.access import READERS
from services.decision.commands import loading
from services.decision.domain.impartiality import find_conflicts
from services.decision.models import (
    AgendaItem,
    Appeal,
    DecisionCase,
    Declaration,
    MeetingMember,
    PanelMember,
    Recusal,
)
from services.decision.queries.officers import find_office_today
from services.decision.queries.sittings import gather_involved_in_appeal
from shared.errors import N_, Forbidden, NotFound
from shared.security.actor import Actor

UNDECLARED = N_(
    "Nyatakan dahulu bahwa Anda tidak memiliki benturan kepentingan dalam berkas ini, pada halaman berkas lengkapnya."
)


def list_declared(session: Session, account_id: UUID, case_ids: Collection[UUID]) -> set[UUID]:
    """Those of the cases that this account has declared to be free of conflicts in."""
    statement = select(Declaration.case_id).where(
        Declaration.account_id == account_id, Declaration.case_id.in_(case_ids)
    )
    return set(session.scalars(statement))


def check_declared(declared: Collection[UUID], case_id: UUID) -> None:
    """Silence is no declaration (R1). Raises Forbidden `declaration-missing`."""
    if case_id not in declared:
        raise Forbidden("declaration-missing", UNDECLARED, details={"case_id": str(case_id)})


def require_declaration(session: Session, actor: Actor, case_id: UUID) -> None:
    """Refuse who has not declared to be free of conflicts in this case. Raises Forbidden `declaration-missing`."""
    check_declared(list_declared(session, actor.id, [case_id]), case_id)


def require_open_dossier(session: Session, actor: Actor, case: DecisionCase) -> None:
    """Refuse who does not sit on the case, keeps out of it, or has not declared.

    Raises what `require_seat_on_case` raises, then Forbidden `declaration-missing`.
    """
    require_seat_on_case(session, actor, case)
    require_declaration(session, actor, case.id)


def require_seat_on_case(session: Session, actor: Actor, case: DecisionCase) -> None:
    """Refuse who neither sits in a meeting with this case, as an officer of today, nor on the panel of its appeal.

    Whoever the records show to be involved keeps out, whatever he or she would declare (R1, R7, R25). Raises NotFound
    `case-unknown` to people who may not know of the case, Forbidden `not-on-case` or `recused`.
    """
    as_member, as_hearer = _sits_in_meeting(session, actor, case), _sits_on_panel(session, actor, case)
    if not (as_member or as_hearer):
        if not actor.has(*READERS):
            raise NotFound("case-unknown", loading.NO_CASE)
        raise Forbidden(
            "not-on-case",
            N_("Berkas lengkap dibuka bagi pejabat dalam rapat atas berkas ini dan anggota panel bandingnya."),
        )
    involved = gather_involved_in_appeal(session, case)
    recused = session.scalar(
        select(Recusal.id).where(Recusal.case_id == case.id, Recusal.member_id == actor.id).limit(1)
    )
    decided = not as_member and actor.id in involved.decision_makers
    if recused is not None or decided or find_conflicts(involved, actor.id):
        raise Forbidden("recused", N_("Anda mengundurkan diri dari berkas ini karena benturan kepentingan."))


def _sits_in_meeting(session: Session, actor: Actor, case: DecisionCase) -> bool:
    if find_office_today(session, actor.id) is None:
        return False
    seat = (
        select(MeetingMember.meeting_id)
        .join(AgendaItem, AgendaItem.meeting_id == MeetingMember.meeting_id)
        .where(AgendaItem.case_id == case.id, MeetingMember.account_id == actor.id)
    )
    return session.scalar(seat.limit(1)) is not None


def _sits_on_panel(session: Session, actor: Actor, case: DecisionCase) -> bool:
    seat = (
        select(PanelMember.id)
        .join(Appeal, Appeal.id == PanelMember.appeal_id)
        .where(Appeal.case_id == case.id, PanelMember.account_id == actor.id, PanelMember.declined_at.is_(None))
    )
    return session.scalar(seat.limit(1)) is not None
