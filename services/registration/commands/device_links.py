"""Mailed links that make a browser a known one, for owners whom strangers' tries keep out of a new browser.

The link opens no account: the password is asked for all the same.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.registration.commands.mailed_links import is_usable, make_link
from services.registration.commands.sessions import hash_secret
from services.registration.domain.accounts import DEVICE_LINK_LIFE
from services.registration.models.accounts import Account, DeviceLink
from shared.audit import record_act
from shared.clock import real_now
from shared.contracts.registration import SignInPaused
from shared.errors import N_, Conflict
from shared.messaging.outbox import announce
from shared.security.sealing import seal_field

NOT_USABLE = N_("Tautan ini sudah dipakai atau sudah tidak berlaku. Atur ulang kata sandi Anda bila tidak dapat masuk.")


def mail_device_link(session: Session, email: str) -> None:
    """Tell the owner of this address that strangers' tries were stopped, with a link that lets the owner in.

    Does nothing where the address has no active account.
    """
    account = session.scalar(select(Account).where(Account.email == email))
    if account is None or not account.active:
        return
    (link, secret_hash), expires = make_link("sign-in/known"), real_now() + DEVICE_LINK_LIFE
    session.add(DeviceLink(account=account, secret_hash=secret_hash, expires_at=expires))
    sealed = seal_field(SignInPaused, "link", link)
    announce(session, account, SignInPaused(account_id=account.id, link=sealed, expires_at=expires))
    record_act(session, account.actor, "account:sign-in-paused", account.subject)


def find_device_link(session: Session, secret: str) -> DeviceLink:
    """Load and lock what the secret of a mailed link stands for.

    Raises Conflict when it was used, has expired or never was.
    """
    which = select(DeviceLink).where(DeviceLink.secret_hash == hash_secret(secret))
    found = session.scalar(which.with_for_update(of=DeviceLink))
    if found is None or not is_usable(found) or not found.account.active:
        raise Conflict("device-link-invalid", NOT_USABLE)
    return found


def use_device_link(session: Session, secret: str) -> str:
    """Use the link up and return the address that its browser may now sign in with. Raises Conflict."""
    found = find_device_link(session, secret)
    found.used_at = real_now()
    record_act(session, found.account.actor, "account:know-browser", found.account.subject)
    return found.account.email
