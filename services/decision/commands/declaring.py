"""Declaring to be free of conflicts of interest in a case, before its file is seen (R1, R7; ISO/IEC 17024 4.3, 9.4)."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.decision.commands import loading
from services.decision.commands.inputs import Input
from services.decision.models import DecisionCase, Declaration
from services.decision.queries.declarations import list_declared, require_seat_on_case
from shared import audit
from shared.contracts.decision import DossierClosed, DossierOpened
from shared.errors import N_, Invalid
from shared.messaging.outbox import announce
from shared.security.actor import Actor


class Declare(Input):
    """Ticked: no conflict of interest in this case. A conflict is declared by keeping out of the case."""

    no_conflict: bool = False


def declare_no_conflict(session: Session, actor: Actor, case_id: UUID, command: Declare) -> Declaration:
    """Record that the actor has no conflict of interest in the case: only then its file and the vote open.

    Declared once, it is not asked again. Raises Invalid `declaration-missing` where nothing is ticked, and what
    `require_seat_on_case` raises for whoever may not decide on the case.
    """
    if not command.no_conflict:
        message = N_("Centang pernyataan ini bila benar; bila ada benturan kepentingan, undurkan diri dari berkas ini.")
        raise Invalid("declaration-missing", message, fields={"no_conflict": message})
    case = loading.lock_case(session, case_id)
    require_seat_on_case(session, actor, case)
    known = session.scalar(
        select(Declaration).where(Declaration.case_id == case.id, Declaration.account_id == actor.id)
    )
    if known is not None:
        return known
    row = Declaration(case_id=case.id, account_id=actor.id, account_name=actor.name)
    session.add(row)
    session.flush()
    _open_dossier(session, case, row)
    audit.record_act(session, actor, "case:declare", case.subject, None, {"no_conflict": True})
    return row


def close_dossier(session: Session, case: DecisionCase, account_id: UUID) -> None:
    """Tell that the file is closed again to somebody who keeps out of the case after having declared."""
    if list_declared(session, account_id, [case.id]):
        announce(
            session,
            case,
            DossierClosed(application_id=case.id, applicant_id=case.applicant_id, person_id=account_id),
        )


def reopen_dossier(session: Session, case: DecisionCase, account_id: UUID) -> None:
    """Tell that the file is open again to somebody who declared in an earlier seat and sits on the case again."""
    known = session.scalar(
        select(Declaration).where(Declaration.case_id == case.id, Declaration.account_id == account_id)
    )
    if known is not None:
        _open_dossier(session, case, known)


def _open_dossier(session: Session, case: DecisionCase, row: Declaration) -> None:
    announce(
        session,
        case,
        DossierOpened(
            application_id=case.id,
            applicant_id=case.applicant_id,
            person_id=row.account_id,
            declared_at=row.declared_at,
        ),
    )
