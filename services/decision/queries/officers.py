"""Who holds which office, and what is known of the people."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.decision.domain.roster import Term, find_office
from services.decision.models import AccountCopy, Appointment
from shared.clock import today
from shared.security.roles import Role


def list_terms(session: Session) -> list[Term]:
    """Every appointment ever recorded, oldest first."""
    return [row.term() for row in session.scalars(select(Appointment).order_by(Appointment.named_at))]


def list_appointments(session: Session) -> list[Appointment]:
    """The appointments, latest term first."""
    return list(session.scalars(select(Appointment).order_by(Appointment.since.desc(), Appointment.office)))


def find_office_today(session: Session, account: UUID, day: date | None = None) -> Role | None:
    """The office, among the five, that `account` holds on `day` (today where none is given)."""
    return find_office(list_terms(session), account, day or today())


def find_accounts(session: Session, ids: Iterable[UUID]) -> dict[UUID, AccountCopy]:
    """Those of the accounts that are known here, by id."""
    wanted = set(ids)
    if not wanted:
        return {}
    return {row.id: row for row in session.scalars(select(AccountCopy).where(AccountCopy.id.in_(wanted)))}


def list_accounts_with_role(session: Session, *roles: Role) -> list[AccountCopy]:
    """Active accounts that hold one of `roles`, by name. Roles are a short list on a small table: sorted out here."""
    rows = session.scalars(select(AccountCopy).where(AccountCopy.active).order_by(AccountCopy.name))
    return [row for row in rows if not set(roles).isdisjoint(row.roles)]
