"""Accounts for tests, made by the commands themselves, and what was told and noted of them."""

from itertools import count
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.registration.commands import accounts, first_accounts, passwords, sessions
from services.registration.commands.accounts import OpenStaffAccount, open_trial_account
from services.registration.commands.passwords import ChangePassword, RequestReset, ResetPassword
from services.registration.commands.sessions import Credentials
from services.registration.commands.tries import Visitor, take_try
from services.registration.models import Account, StaffIdentity
from shared.audit import AuditRow
from shared.contracts import Envelope, Fact
from shared.contracts.registration import PasswordResetRequested
from shared.messaging.models import OutboxRow
from shared.persons import fold_typed_email
from shared.security.actor import Actor
from shared.security.passwords import hash_password
from shared.security.roles import Role
from shared.security.sealing import open_field
from shared.settings import settings

PASSWORD = "empat kata acak lucu"
NUMBERS = count()


def open_with_password(session: Session, wanted: OpenStaffAccount, password: str = PASSWORD) -> Account:
    """Somebody who has taken up the invitation already, and whose NIK is known."""
    account = open_trial_account(session, wanted, hash_password(password))
    session.add(StaffIdentity(account_id=account.id, nik=f"327301010190{next(NUMBERS) % 9999 + 1:04d}"))
    session.flush()
    return account


def open_missing_accounts(session: Session) -> list[Account]:
    """What the timer does, in one session: the accounts it made."""
    missing = first_accounts.list_missing_accounts(session)
    demo = settings().demo_password
    made = [first_accounts.open_unless_made(session, one, hash_password(demo) if demo else None) for one in missing]
    return [account for account in made if account is not None]


def sign_in_account(session: Session, given: Credentials, visitor: Visitor) -> Account | None:
    """Tried, compared and signed in in one go, as those who have one session do. Raises Spent."""
    email = fold_typed_email(given.email)
    tried = sessions.load_password_to_try(session, email, visitor, take_try(email, visitor))
    return sessions.sign_in_account(session, sessions.compare_password(tried, given.password))


def change_password(session: Session, actor: Actor, change: ChangePassword, keep: str | None = None) -> None:
    new = passwords.hash_change(passwords.load_owner(session, actor.id), change)
    passwords.change_password(session, actor, new, keep)


def reset_password(session: Session, reset: ResetPassword) -> Account:
    owner = passwords.load_owner(session, passwords.lock_usable_reset(session, reset.key).account.id)
    return passwords.reset_password(session, reset.key, passwords.hash_replacement(owner, reset.new))


def applicant(session: Session, email: str = "siti@contoh.test", name: str = "Siti (contoh)") -> Account:
    return accounts.open_account(session, name, email, "id", hash_password(PASSWORD))


def staff(session: Session, *roles: Role, email: str = "staf@contoh.test") -> Account:
    return open_with_password(session, OpenStaffAccount(name="Staf (contoh)", email=email, roles=list(roles)))


def told(session: Session, kind: str) -> list[dict[str, Any]]:
    """The data of the events of this kind in the outbox, in their order."""
    session.flush()
    rows = session.scalars(select(OutboxRow).where(OutboxRow.type.contains(kind)).order_by(OutboxRow.position))
    return [Envelope.model_validate_json(row.envelope).data for row in rows]


def request_password_reset(session: Session, request: RequestReset) -> None:
    """Asked for and mailed in one go, as the job does it later."""
    passwords.mail_password_reset(session, fold_typed_email(request.email))


def told_link(session: Session) -> str:
    """The link of the last letter about a password, as its reader opens it."""
    return told_links(session, PasswordResetRequested)[-1]


def told_links(session: Session, fact: type[Fact]) -> list[str]:
    """The links of the letters about this fact, as their reader opens them."""
    return [open_field(fact, "link", each["link"]) for each in told(session, fact.type)]


def noted(session: Session) -> list[tuple[str, Any, Any]]:
    """Action, before and after of what the audit log holds, in its order."""
    session.flush()
    rows = session.scalars(select(AuditRow).order_by(AuditRow.position))
    return [(row.action, row.before, row.after) for row in rows]
