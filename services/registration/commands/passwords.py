"""Passwords changed by their owners, and set anew through a mailed link."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from pydantic import BaseModel, Field
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from services.registration.commands.authority import lock_own_account
from services.registration.commands.loading import load_account, lock_account
from services.registration.commands.mailed_links import is_usable, make_link
from services.registration.commands.proving import CHANGED, prove_password, refuse_other_password
from services.registration.commands.sessions import end_sign_ins, hash_secret
from services.registration.commands.telling import AccountChange, tell_owner
from services.registration.domain.accounts import MAILS_PER_HOUR, RESET_LIFE
from services.registration.encrypted_kinds import EMAIL
from services.registration.models.accounts import Account, DeviceLink, PasswordReset
from shared.audit import record_act
from shared.clock import real_now
from shared.contracts.registration import PasswordResetRequested
from shared.database.turns import take_turns
from shared.database.unit import Database
from shared.errors import N_, Conflict, Invalid, NotFound
from shared.messaging.jobs import enqueue
from shared.messaging.outbox import announce
from shared.pasted_text import Code, TypedText
from shared.persons import fold_typed_email
from shared.security.actor import Actor
from shared.security.encryption import blind_index, encrypt_text
from shared.security.passwords import hash_new_password
from shared.security.sealing import seal_field

MAIL_RESET = "mail-password-reset"
"""The job that mails a link to set a password."""
SAME = N_("Kata sandi baru harus berbeda dari yang sekarang.")


class ChangePassword(BaseModel):
    """One's password as it is, and as it shall be."""

    current: TypedText = Field(min_length=1, max_length=200, description="The password as it is now.", repr=False)
    new: TypedText = Field(min_length=1, max_length=200, description="At least 10 characters.", repr=False)


class RequestReset(BaseModel):
    """Whose password shall be set anew."""

    email: Code = Field(min_length=3, max_length=254, description="Address of the account.")


class ResetPassword(BaseModel):
    """The key of a mailed link, and the password to set with it."""

    key: Code = Field(min_length=1, max_length=100, description="From the mailed link.", repr=False)
    new: TypedText = Field(min_length=1, max_length=200, description="At least 10 characters.", repr=False)


@dataclass(frozen=True, slots=True)
class ResetLink:
    """A link that sets a password, for its owner's eyes alone."""

    address: str = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class NewPassword:
    """A new password hashed outside of any transaction, and the hash that stood in its place then."""

    account_id: UUID
    password_hash: str = field(repr=False)
    replaces: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Owner:
    """What a new password is checked against, read in a short transaction."""

    account_id: UUID
    email: str
    name: str
    password_hash: str | None = field(repr=False)


def prepare_change(database: Database, actor: Actor, change: ChangePassword) -> NewPassword:
    """Compare one's password and hash the new one, holding no connection meanwhile.

    Raises Invalid for a wrong, weak or unchanged password, TooMany after too many wrong ones, and TooManyHashes.
    """
    with database.reading() as session:
        owner = load_owner(session, actor.id)
    return hash_change(owner, change)


def hash_change(owner: Owner, change: ChangePassword) -> NewPassword:
    """The hash of the new password, if the old one is right. Raises Invalid, and as `prove_password`."""
    prove_password(owner.account_id, owner.password_hash, change.current)
    if change.new == change.current:
        raise Invalid("password-same", SAME, fields={"new": SAME})
    return hash_replacement(owner, change.new)


def hash_replacement(owner: Owner, new: str) -> NewPassword:
    """The hash of a new password. Raises Invalid on `new` for a weak one, and TooManyHashes."""
    hashed = hash_new_password(new, email=owner.email, name=owner.name, field="new")
    return NewPassword(owner.account_id, hashed, owner.password_hash)


def load_owner(session: Session, account_id: UUID) -> Owner:
    """The owner of an account. Raises NotFound."""
    account = load_account(session, account_id)
    return Owner(account.id, account.email, account.name, account.password_hash)


def change_password(session: Session, actor: Actor, new: NewPassword, keep: str | None = None) -> None:
    """Set one's own password anew. Every token, every mailed link and every other session ends; the session with the
    secret `keep` stays.

    Raises Conflict when the password was changed since `prepare_change` compared it, and as `lock_own_account`.
    """
    account = lock_own_account(session, actor)
    if account.id != new.account_id:
        raise NotFound("account-unknown", N_("Akun tidak ditemukan."))
    refuse_other_password(account, new.replaces)
    account.password_hash = new.password_hash
    end_open_links(session, account)
    end_sign_ins(session, account, but=keep)
    tell_owner(session, account, AccountChange.PASSWORD_CHANGED)
    record_act(session, actor, "account:change-password", account.subject)


def request_password_reset(session: Session, request: RequestReset) -> None:
    """Have a link mailed to the address if it has an account.

    Whether it has one is not looked up here: the asker is told the same, after the same work.
    """
    email = fold_typed_email(request.email)
    enqueue(session, MAIL_RESET, {"email": encrypt_text(EMAIL, email, MAIL_RESET)}, uuid4().hex)


def mail_password_reset(session: Session, email: str) -> None:
    """Mail a link to the address if it has an active account.

    The fourth and later ones within an hour are left out, so that nobody's mailbox can be filled.
    """
    take_turns(session, blind_index(EMAIL, email, "reset email"))
    account = session.scalar(select(Account).where(Account.email == email))
    if account is None or not account.active:
        return
    lately = real_now() - timedelta(hours=1)
    asked = select(func.count()).select_from(PasswordReset)
    asked = asked.where(PasswordReset.account_id == account.id, PasswordReset.requested_at > lately)
    if (session.scalar(asked) or 0) < MAILS_PER_HOUR:
        announce_reset_link(session, account, make_reset_link(session, account, RESET_LIFE))
        record_act(session, account.actor, "account:request-password-reset", account.subject)


def lock_usable_reset(session: Session, secret: str) -> PasswordReset:
    """Load and lock the reset that the secret of a mailed link stands for.

    Raises Conflict when it was used, has expired or never was.
    """
    found = session.scalar(
        select(PasswordReset).where(PasswordReset.secret_hash == hash_secret(secret)).with_for_update(of=PasswordReset)
    )
    if found is None or not is_usable(found) or not found.account.active:
        raise Conflict(
            "reset-link-invalid",
            N_("Tautan ini sudah dipakai atau sudah tidak berlaku. Minta tautan baru di halaman lupa kata sandi."),
        )
    return found


def end_open_links(session: Session, account: Account) -> None:
    """Let no mailed link of the account work any more: neither one that sets its password nor one that makes a browser
    known."""
    for kind in (PasswordReset, DeviceLink):
        still_open = (kind.account_id == account.id, kind.used_at.is_(None))
        session.execute(update(kind).where(*still_open).values(used_at=real_now()))


def prepare_reset(database: Database, reset: ResetPassword) -> NewPassword:
    """Hash the new password for a mailed link, holding no connection meanwhile.

    Raises Conflict for a link that does not work, Invalid for a weak password, and TooManyHashes.
    """
    with database.reading() as session:
        owner = load_owner(session, lock_usable_reset(session, reset.key).account.id)
    return hash_replacement(owner, reset.new)


def reset_password(session: Session, key: str, new: NewPassword) -> Account:
    """Set the password with the key of a mailed link and return its account.

    The link works once; every session, every token and every other link of the account ends. Raises Conflict when it
    was used meanwhile.
    """
    account = lock_account(session, new.account_id)
    if lock_usable_reset(session, key).account_id != account.id:
        raise Conflict("changed-meanwhile", CHANGED)
    first, account.password_hash = account.password_hash is None, new.password_hash
    end_open_links(session, account)
    end_sign_ins(session, account)
    if not first:
        tell_owner(session, account, AccountChange.PASSWORD_RESET)
    record_act(session, account.actor, "account:reset-password", account.subject)
    return account


def make_reset_link(session: Session, account: Account, life: timedelta) -> ResetLink:
    """A new link that sets the password of this account, once; only its hash is kept."""
    (address, secret_hash), expires = make_link("password/reset"), real_now() + life
    session.add(PasswordReset(account=account, secret_hash=secret_hash, expires_at=expires))
    return ResetLink(address, expires)


def announce_reset_link(session: Session, account: Account, made: ResetLink) -> None:
    """Have the link mailed to the owner of the account."""
    sealed = seal_field(PasswordResetRequested, "link", made.address)
    fact = PasswordResetRequested(account_id=account.id, email=account.email, link=sealed, expires_at=made.expires_at)
    announce(session, account, fact)
