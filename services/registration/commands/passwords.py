"""Passwords changed by their owners, and set anew through a mailed link."""

import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from services.registration.commands.authority import lock_own_account
from services.registration.commands.loading import load_account, lock_account
from services.registration.commands.sessions import end_sign_ins, hash_secret
from services.registration.domain.accounts import INVITATION_LIFE, RESET_LIFE, RESETS_PER_HOUR
from services.registration.models.accounts import Account, PasswordReset
from shared.audit import record_act
from shared.clock import real_now
from shared.contracts.registration import PasswordResetRequested
from shared.database.turns import take_turns
from shared.database.unit import Database
from shared.errors import N_, Conflict, Invalid, NotFound
from shared.messaging.outbox import announce
from shared.security.actor import Actor
from shared.security.encryption import blind_index
from shared.security.passwords import hash_new_password, password_fits
from shared.security.sealing import seal_field
from shared.settings import settings

CHANGED = N_("Kata sandi akun ini baru saja diganti. Masuk lagi, lalu ulangi.")
WRONG = N_("Kata sandi sekarang tidak cocok.")
SAME = N_("Kata sandi baru harus berbeda dari yang sekarang.")


class ChangePassword(BaseModel):
    """One's password as it is, and as it shall be."""

    current: str = Field(min_length=1, max_length=200, description="The password as it is now.", repr=False)
    new: str = Field(min_length=1, max_length=200, description="At least 10 characters.", repr=False)


class RequestReset(BaseModel):
    """Whose password shall be set anew."""

    email: str = Field(min_length=3, max_length=254, description="Address of the account.")


class ResetPassword(BaseModel):
    """The key of a mailed link, and the password to set with it."""

    key: str = Field(min_length=1, max_length=100, description="From the mailed link.", repr=False)
    new: str = Field(min_length=1, max_length=200, description="At least 10 characters.", repr=False)


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

    Raises Invalid for a wrong, weak or unchanged password, and TooManyHashes.
    """
    with database.reading() as session:
        owner = load_owner(session, actor.id)
    return hash_change(owner, change)


def hash_change(owner: Owner, change: ChangePassword) -> NewPassword:
    """The hash of the new password, if the old one is right. Raises Invalid and TooManyHashes."""
    if not password_fits(owner.password_hash, change.current):
        raise Invalid("password-wrong", WRONG, fields={"current": WRONG})
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
    """Set one's own password anew. Every other session and every token ends; the session with the secret `keep` stays.

    Raises Conflict when the password was changed since `prepare_change` compared it, and as `lock_own_account`.
    """
    account = lock_own_account(session, actor)
    if account.id != new.account_id:
        raise NotFound("account-unknown", N_("Akun tidak ditemukan."))
    if account.password_hash != new.replaces:
        raise Conflict("changed-meanwhile", CHANGED)
    account.password_hash = new.password_hash
    end_sign_ins(session, account, but=keep)
    record_act(session, actor, "account:change-password", account.subject)


def request_password_reset(session: Session, request: RequestReset) -> None:
    """Mail a link to the address if it has an active account; the asker is told the same either way.

    The fourth and later ones within an hour are left out, so that nobody's mailbox can be filled.
    """
    email = request.email.strip().lower()
    take_turns(session, blind_index(email, "reset email"))
    account = session.scalar(select(Account).where(Account.email == email))
    if account is None or not account.active:
        return
    lately = real_now() - timedelta(hours=1)
    asked = select(func.count()).select_from(PasswordReset)
    asked = asked.where(PasswordReset.account_id == account.id, PasswordReset.requested_at > lately)
    if (session.scalar(asked) or 0) < RESETS_PER_HOUR:
        _mail_link(session, account, RESET_LIFE)
        record_act(session, account.actor, "account:request-password-reset", account.subject)


def invite_staff(session: Session, account: Account) -> None:
    """Mail a new member of staff the link to set the first password."""
    _mail_link(session, account, INVITATION_LIFE)


def lock_usable_reset(session: Session, secret: str) -> PasswordReset:
    """Load and lock the reset that the secret of a mailed link stands for.

    Raises Conflict when it was used, has expired or never was.
    """
    found = session.scalar(
        select(PasswordReset).where(PasswordReset.secret_hash == hash_secret(secret)).with_for_update(of=PasswordReset)
    )
    if found is None or found.used_at is not None or found.expires_at <= real_now() or not found.account.active:
        raise Conflict(
            "reset-link-invalid",
            N_("Tautan ini sudah dipakai atau sudah tidak berlaku. Minta tautan baru di halaman lupa kata sandi."),
        )
    return found


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
    account.password_hash = new.password_hash
    open_links = (PasswordReset.account_id == account.id, PasswordReset.used_at.is_(None))
    session.execute(update(PasswordReset).where(*open_links).values(used_at=real_now()))
    end_sign_ins(session, account)
    record_act(session, account.actor, "account:reset-password", account.subject)
    return account


def _mail_link(session: Session, account: Account, life: timedelta) -> None:
    secret = secrets.token_urlsafe(32)
    expires = real_now() + life
    session.add(PasswordReset(account=account, secret_hash=hash_secret(secret), expires_at=expires))
    link = f"{settings().public_url.rstrip('/')}/registration/password/reset?key={secret}"
    sealed = seal_field(PasswordResetRequested, "link", link)
    fact = PasswordResetRequested(account_id=account.id, email=account.email, link=sealed, expires_at=expires)
    announce(session, account, fact)
