"""Signing in, and the browser sessions behind the cookie. Times are real ones: moving the trial clock ends nothing."""

import secrets
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from services.registration.commands.authority import lock_own_account, supersede_tokens
from services.registration.commands.loading import lock_account
from services.registration.commands.steps import UNFINISHED, find_missing_step
from services.registration.commands.tries import (
    OF_ACCOUNT,
    Visitor,
    forgive_tries,
    is_of_known_browser,
    make_pause_refusal,
    mark_email,
    take_try,
)
from services.registration.domain.accounts import AccountState, is_staff
from services.registration.encrypted_kinds import EMAIL
from services.registration.models.accounts import Account, BrowserSession, DeviceLink, PasswordReset
from services.registration.models.registrations import PendingRegistration
from shared.audit import record_act
from shared.clock import real_now
from shared.database.changes import change_rows
from shared.database.retention import Retention
from shared.database.unit import Database
from shared.errors import N_, NotSignedIn
from shared.messaging.jobs import enqueue
from shared.pasted_text import Code, TypedText, tidy_code
from shared.persons import fold_typed_email
from shared.security.actor import Actor
from shared.security.alarm import SecurityEvent, note_security
from shared.security.allowances import Allowance, Spent, find_allowances
from shared.security.encryption import encrypt_text
from shared.security.passwords import hash_password, needs_new_hash, password_fits
from shared.settings import settings

NOBODY = UUID(int=0)
TELL_OWNER = "tell-owner-of-tries"
"""The job that mails the owner of an address that strangers' tries on it were stopped."""


def list_session_retentions() -> list[Retention]:
    """How long sessions and mailed links are kept once they are over; a timer sweeps them."""

    def keep_ended() -> timedelta:
        return timedelta(days=settings().keep_sessions_days)

    return [
        Retention("sessions", BrowserSession, lambda before: BrowserSession.expires_at < before, keep_ended),
        Retention("mailed links", PasswordReset, lambda before: PasswordReset.expires_at < before, keep_ended),
        Retention(
            "registrations", PendingRegistration, lambda before: PendingRegistration.expires_at < before, timedelta
        ),
        Retention("device links", DeviceLink, lambda before: DeviceLink.expires_at < before, keep_ended),
    ]


class Credentials(BaseModel):
    """What somebody types to sign in."""

    email: Code = Field(max_length=254, description="Address of the account.")
    password: TypedText = Field(max_length=200, description="Its password.", repr=False)


@dataclass(frozen=True, slots=True)
class Opened:
    """A browser session with the secret for its cookie, which is nowhere else."""

    session: BrowserSession
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Tried:
    """A password compared outside of any transaction, with what it was compared to and the tries it used.

    `new_hash` replaces one made with older parameters.
    """

    account_id: UUID | None
    password_hash: str | None = field(repr=False)
    visitor: Visitor
    email_mark: str
    taken: tuple[Allowance, ...] = ()
    fits: bool = False
    new_hash: str | None = field(default=None, repr=False)


def try_password(database: Database, given: Credentials, visitor: Visitor) -> Tried:
    """Compare a password with the one of the account, holding no connection meanwhile; then call `sign_in_account`.

    An unknown address takes the same work as a known one. Raises TooMany while no tries are left, and TooManyHashes.
    """
    email = fold_typed_email(given.email)
    taken = _take_try(database, email, visitor)
    try:
        with database.reading() as session:
            tried = load_password_to_try(session, email, visitor, taken)
        return compare_password(tried, given.password)
    except Exception:  # what could not be compared was no try
        find_allowances().give_back(*taken)
        raise


def load_password_to_try(session: Session, email: str, visitor: Visitor, taken: tuple[Allowance, ...] = ()) -> Tried:
    """What a password is to be compared with, not yet compared."""
    found = session.execute(select(Account.id, Account.password_hash).where(Account.email == email)).first()
    account_id, password_hash = found if found else (None, None)
    return Tried(account_id, password_hash, visitor, mark_email(email), taken)


def compare_password(tried: Tried, password: str) -> Tried:
    """`tried` with whether `password` fits. Takes some 20 ms of a processor. Raises TooManyHashes."""
    fits = password_fits(tried.password_hash, password, stranger=not is_of_known_browser(tried.taken))
    outdated = fits and tried.password_hash is not None and needs_new_hash(tried.password_hash)
    return replace(tried, fits=fits, new_hash=hash_password(password) if outdated else None)


def sign_in_account(session: Session, tried: Tried) -> Account | None:
    """The account whose password was tried, or None; then the try has been used up.

    The account stays locked: who changes its password meanwhile ends the session opened here, or was first. Unknown
    address, wrong password and deactivated account look alike, and so does an account whose password was changed since
    it was compared.
    """
    account = _lock_tried_account(session, tried)
    if account is None:
        note_security(
            SecurityEvent.SIGN_IN_FAILED,
            account=str(tried.account_id or ""),
            subject=tried.email_mark,
            network=tried.visitor.network,
            service="registration",
        )
        return None
    forgive_tries(tried.taken)
    if tried.new_hash:
        account.password_hash = tried.new_hash
    record_act(session, account.actor, "account:sign-in", account.subject)
    return account


def make_sign_in_refusal() -> NotSignedIn:
    """Return the one refusal for every failed sign-in, so that it does not tell which addresses have accounts."""
    return NotSignedIn(
        "sign-in-failed",
        N_("Alamat surel atau kata sandi tidak cocok."),
        fields={"password": N_("Periksa keduanya lalu coba lagi, atau atur ulang kata sandi.")},
    )


def open_browser_session(session: Session, account: Account, *, factor_shown: bool = False) -> Opened:
    """Open a browser session for the account and return it with the secret for its cookie.

    While the second factor that the account has or needs was not shown it opens nothing and ends soon.
    """
    finished = factor_shown or find_missing_step(session, account) is None
    secret, now = secrets.token_urlsafe(32), real_now()
    opened = BrowserSession(
        account=account,
        secret_hash=hash_secret(secret),
        csrf=secrets.token_urlsafe(24),
        created_at=now,
        expires_at=_expiry(account, now) if finished else now + UNFINISHED,
        factor_at=now if factor_shown else None,
    )
    session.add(opened)
    session.flush()
    return Opened(opened, secret)


def renew_browser_session(session: Session, secret: str) -> BrowserSession | None:
    """Extend the session of this secret and return it; None when it has ended, expired or never was.

    However much it is used, it ends at its time (`KOMPETEN_SESSION_HOURS`). Without the second factor that its account
    has or needs it is none.
    """
    found = find_browser_session(session, secret)
    now = real_now()
    if found is None or found.ended_at is not None or found.expires_at <= now or not found.account.active:
        return None
    if found.factor_at is None and find_missing_step(session, found.account):
        return None
    found.seen_at, found.expires_at = now, _expiry(found.account, found.created_at)
    return found if found.expires_at > now else None


def find_browser_session(session: Session, secret: str) -> BrowserSession | None:
    """The session of this secret, whatever has become of it; None where there never was one."""
    return session.scalar(select(BrowserSession).where(BrowserSession.secret_hash == hash_secret(secret)))


def lock_session_owner(session: Session, secret: str) -> Account | None:
    """The account whose session this secret is or was, locked before anything of the session is read; None without."""
    owner = session.scalar(select(BrowserSession.account_id).where(BrowserSession.secret_hash == hash_secret(secret)))
    return None if owner is None else lock_account(session, owner)


def end_browser_session(session: Session, secret: str) -> None:
    """End the session of this secret, and every token of its account; does nothing where there is none.

    A token does not say which session it was given for: the account's other browsers get a new one for theirs.
    """
    account = lock_session_owner(session, secret)
    if account is None:
        return
    ending = update(BrowserSession).where(
        BrowserSession.secret_hash == hash_secret(secret), BrowserSession.ended_at.is_(None)
    )
    if change_rows(session, ending.values(ended_at=real_now())):
        supersede_tokens(session, account)
        record_act(session, account.actor, "account:sign-out", account.subject)


def sign_out_everywhere(session: Session, actor: Actor, but: str | None = None) -> int:
    """End every token of one's own account and every session except the one with the secret `but`; how many sessions.

    Raises as `lock_own_account`.
    """
    account = lock_own_account(session, actor)
    ended = end_sign_ins(session, account, but)
    record_act(session, actor, "account:end-sessions", account.subject, None, {"ended": ended})
    return ended


def end_sign_ins(session: Session, account: Account, but: str | None = None) -> int:
    """End every token of the account and every session except the one with the secret `but`; how many sessions.

    The caller has locked the account: a session opened at the same moment is seen and ended, or opens afterwards.
    """
    supersede_tokens(session, account)
    ending = update(BrowserSession).where(BrowserSession.account_id == account.id, BrowserSession.ended_at.is_(None))
    if but is not None:
        ending = ending.where(BrowserSession.secret_hash != hash_secret(but))
    return change_rows(session, ending.values(ended_at=real_now()))


def hash_secret(secret: str) -> str:
    """Return the SHA-256 of a session's or link's secret, so that a stolen table opens nothing."""
    return sha256(tidy_code(secret).encode()).hexdigest()


def _take_try(database: Database, email: str, visitor: Visitor) -> tuple[Allowance, ...]:
    try:
        return take_try(email, visitor)
    except Spent as spent:
        closed = spent.allowance.name == OF_ACCOUNT
        event = SecurityEvent.ACCOUNT_PAUSED if closed else SecurityEvent.SIGN_IN_PAUSED
        note_security(event, subject=mark_email(email), network=visitor.network, service="registration")
        if closed:
            _have_owner_told(database, email)
        raise make_pause_refusal(spent) from spent


def _have_owner_told(database: Database, email: str) -> None:
    """Ask, once a day for an address, that its owner be told; whether there is one is not looked up here."""
    told = Allowance("owner told", "1/day", (mark_email(email),))
    with suppress(Spent):
        find_allowances().take(told)
        key = f"{mark_email(email)}:{real_now():%Y-%m-%d}"
        with database.unit_of_work() as session:
            enqueue(session, TELL_OWNER, {"email": encrypt_text(EMAIL, email, TELL_OWNER)}, key)


def _lock_tried_account(session: Session, tried: Tried) -> Account | None:
    """The account, locked, if its password fitted then and now and it is active.

    One statement finds out for whoever is refused, be it that there is no such account, that it is deactivated or that
    the password is another: nobody tells them apart by the work.
    """
    may = select(Account.id).where(
        Account.id == (tried.account_id if tried.fits and tried.account_id else NOBODY),
        Account.password_hash == (tried.password_hash or ""),
        Account.state == AccountState.ACTIVE,
    )
    found = session.scalar(may.with_for_update(key_share=True))
    # Read anew: the row may have changed while this transaction waited for the lock.
    return None if found is None else session.get(Account, found, populate_existing=True)


def _expiry(account: Account, since: datetime) -> datetime:
    """When a session that began at `since` ends unless it is used again: idle, or at its longest."""
    config, staff = settings(), is_staff(account.roles)
    idle = config.session_idle_minutes if staff else config.applicant_session_idle_minutes
    longest = config.session_hours if staff else config.applicant_session_hours
    return min(real_now() + timedelta(minutes=idle), since + timedelta(hours=longest))
