"""Invitations: who works for the body sets the first password through a mailed link, and nobody else knows it."""

from uuid import UUID

from sqlalchemy.orm import Session

from services.registration.commands.authority import require_account_keeper
from services.registration.commands.loading import find_account_id, load_account
from services.registration.commands.passwords import ResetLink, end_open_links, make_reset_link
from services.registration.domain.accounts import INVITATION_LIFE
from services.registration.models.accounts import Account
from shared.audit import record_act
from shared.contracts.registration import AccountInvited
from shared.errors import N_, Conflict
from shared.messaging.outbox import announce
from shared.security.actor import SYSTEM, Actor
from shared.security.sealing import seal_field

HAS_PASSWORD = N_("Akun ini sudah mempunyai kata sandi. Orangnya dapat mengatur yang baru di halaman lupa kata sandi.")
DEACTIVATED = N_("Akun ini dinonaktifkan. Aktifkan kembali terlebih dahulu.")


def mail_invitation(session: Session, account: Account) -> None:
    """Mail the owner of a new account the link to set the first password; it lives three days."""
    made = make_reset_link(session, account, INVITATION_LIFE)
    sealed = seal_field(AccountInvited, "link", made.address)
    announce(session, account, AccountInvited(account_id=account.id, link=sealed, expires_at=made.expires_at))


def invite_again(session: Session, actor: Actor, account_id: UUID) -> Account:
    """Mail the invitation once more; earlier links end.

    Raises NotFound, Conflict for an account that has a password or is deactivated, and as `require_account_keeper`.
    """
    require_account_keeper(session, actor, account_id)
    account = load_account(session, account_id)
    _begin_anew(session, account, actor)
    mail_invitation(session, account)
    session.flush()
    return account


def make_invitation(session: Session, email: str) -> ResetLink:
    """The link that sets the first password, for the operator to hand over where mail does not work yet.

    Earlier links end. Raises NotFound, and Conflict for an account that has a password or is deactivated.
    """
    found = find_account_id(session, email)
    require_account_keeper(session, SYSTEM, found)
    account = load_account(session, found)
    _begin_anew(session, account, SYSTEM)
    return make_reset_link(session, account, INVITATION_LIFE)


def _begin_anew(session: Session, account: Account, actor: Actor) -> None:
    if account.password_hash is not None:
        raise Conflict("account-has-password", HAS_PASSWORD)
    if not account.active:
        raise Conflict("account-deactivated", DEACTIVATED)
    end_open_links(session, account)
    record_act(session, actor, "account:invite", account.subject)
