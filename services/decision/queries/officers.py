"""Who holds which office, and what is known of the people."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.decision.domain.roster import Term, find_office, require_officer
from services.decision.models import AccountCopy, Appointment
from shared.clock import today
from shared.security.actor import Actor
from shared.security.roles import Role

MANAGERS = (Role.CHAIR, Role.HEAD_OF_CERTIFICATION)
"""The officers who, beside the secretariat, call and run meetings."""

PANEL_NAMERS = (Role.CHAIR, Role.HEAD_OF_QUALITY_CONTROL)


def list_terms(session: Session) -> list[Term]:
    """Every appointment ever recorded, oldest first."""
    return [row.term() for row in session.scalars(select(Appointment).order_by(Appointment.named_at))]


def list_appointments(session: Session) -> list[Appointment]:
    """The appointments, latest term first."""
    return list(session.scalars(select(Appointment).order_by(Appointment.since.desc(), Appointment.office)))


def find_office_today(session: Session, account: UUID, day: date | None = None) -> Role | None:
    return find_office(list_terms(session), account, day or today())


def require_manager(session: Session, actor: Actor) -> None:
    """The secretariat, the chair or the head of certification run meetings. Raises Forbidden `not-named-officer`."""
    if not actor.has(Role.SECRETARIAT):
        require_officer(list_terms(session), actor.id, today(), *MANAGERS)


def require_panel_namer(session: Session, actor: Actor) -> None:
    """The chair or the head of quality control names an appeal's panel. Raises Forbidden `not-named-officer`."""
    require_officer(list_terms(session), actor.id, today(), *PANEL_NAMERS)


def find_accounts(session: Session, ids: Iterable[UUID]) -> dict[UUID, AccountCopy]:
    wanted = set(ids)
    if not wanted:
        return {}
    return {row.id: row for row in session.scalars(select(AccountCopy).where(AccountCopy.id.in_(wanted)))}


def list_accounts_with_role(session: Session, *roles: Role) -> list[AccountCopy]:
    """Active accounts that hold one of `roles`, by name. Roles are a short list on a small table: sorted out here."""
    rows = session.scalars(select(AccountCopy).where(AccountCopy.active).order_by(AccountCopy.name))
    return [row for row in rows if not set(roles).isdisjoint(row.roles)]
