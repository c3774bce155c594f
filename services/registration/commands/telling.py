"""What the owner of an account is told by mail, so that somebody else's act does not stay unseen."""

from contextlib import suppress
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Session

from services.registration.commands.devices import find_device_key
from services.registration.commands.tries import Visitor
from services.registration.domain.factors import FactorChange
from services.registration.models.accounts import Account
from shared.audit import record_act
from shared.clock import real_now
from shared.contracts.registration import AccountSecurityChanged, SecondFactorChanged
from shared.messaging.outbox import announce
from shared.security.actor import Actor
from shared.security.allowances import Allowance, Spent, find_allowances


class AccountChange(StrEnum):
    """What happened to somebody's account."""

    SIGNED_IN = "signed_in"
    PROGRAM_SIGNED_IN = "program_signed_in"
    CODES_WRONG = "codes_wrong"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - a word for it
    PASSWORD_RESET = "password_reset"  # noqa: S105
    ROLES_CHANGED = "roles_changed"
    RENAMED = "renamed"
    DEACTIVATED = "deactivated"
    REACTIVATED = "reactivated"


def tell_owner(session: Session, account: Account, change: AccountChange) -> None:
    """Have the owner of the account written to."""
    announce(session, account, AccountSecurityChanged(account_id=account.id, change=change.value, at=real_now()))


def tell_of_factor(
    session: Session, account: Account, actor: Actor, change: FactorChange, passkey: UUID | None = None
) -> None:
    """Note in the audit log what became of the account's second factor, and have its owner written to."""
    noted = {"change": change.value} | ({"passkey": str(passkey)} if passkey else {})
    record_act(session, actor, "account:change-second-factor", account.subject, None, noted)
    announce(session, account, SecondFactorChanged(account_id=account.id, change=change.value, at=real_now()))
    session.flush()


def tell_of_sign_in(session: Session, account: Account, visitor: Visitor) -> None:
    """Tell the owner of a finished sign-in with a browser that has not signed in to this account before."""
    if find_device_key(account.email, visitor.device_keys) is None:
        tell_owner(session, account, AccountChange.SIGNED_IN)


def tell_of_program(session: Session, account: Account, visitor: Visitor) -> None:
    """Tell the owner of a program that signed in, once a day for a network: programs keep no cookies."""
    if find_device_key(account.email, visitor.device_keys) is not None:
        return
    with suppress(Spent):
        find_allowances().take(Allowance("told of a program", "1/day", (str(account.id), visitor.network)))
        tell_owner(session, account, AccountChange.PROGRAM_SIGNED_IN)
