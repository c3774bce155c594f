"""Accounts for tests, made by the commands themselves, and what was told and noted of them."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.registration.commands.accounts import OpenAccount, OpenStaffAccount, open_account, open_staff_account
from services.registration.models import Account
from shared.audit import AuditRow
from shared.contracts import Envelope
from shared.messaging.models import OutboxRow
from shared.security.actor import SYSTEM
from shared.security.roles import Role

PASSWORD = "empat kata acak lucu"


def applicant(session: Session, email: str = "siti@contoh.test", name: str = "Siti (contoh)") -> Account:
    return open_account(session, OpenAccount(name=name, email=email, password=PASSWORD))


def staff(session: Session, *roles: Role, email: str = "staf@contoh.test") -> Account:
    wanted = OpenStaffAccount(name="Staf (contoh)", email=email, roles=list(roles), password=PASSWORD)
    return open_staff_account(session, SYSTEM, wanted)


def told(session: Session, kind: str) -> list[dict[str, Any]]:
    """The data of the events of this kind in the outbox, in their order."""
    session.flush()
    rows = session.scalars(select(OutboxRow).where(OutboxRow.type.contains(kind)).order_by(OutboxRow.position))
    return [Envelope.model_validate_json(row.envelope).data for row in rows]


def noted(session: Session) -> list[tuple[str, Any, Any]]:
    """Action, before and after of what the audit log holds, in its order."""
    session.flush()
    rows = session.scalars(select(AuditRow).order_by(AuditRow.position))
    return [(row.action, row.before, row.after) for row in rows]
