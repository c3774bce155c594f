"""Signing in, and the browser sessions behind the cookie. Times are real ones: moving the trial clock ends nothing."""

import secrets
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from services.registration.commands.authority import lock_own_account, supersede_tokens
from services.registration.commands.loading import lock_account
from services.registration.commands.steps import UNFINISHED, find_missing_step
from services.registration.domain.accounts import PAUSE, Failures, is_staff, refuse_while_paused
from services.registration.models.accounts import Account, BrowserSession, FailedSignIn, PasswordReset
from shared.audit import record_act
from shared.clock import real_now
from shared.database.changes import change_rows
from shared.database.retention import Retention
from shared.database.turns import take_turns
from shared.database.unit import Database
from shared.errors import N_, NotSignedIn
from shared.security.actor import Actor
from shared.security.encryption import blind_index
from shared.security.passwords import hash_password, needs_new_hash, password_fits
from shared.settings import settings

KEEP_FAILURES = timedelta(days=1)
"""Much longer than the pause they bring about."""


def list_session_retentions() -> list[Retention]:
    """How long sessions, mailed links and failed tries are kept once they are over; a timer sweeps them."""

    def keep_ended() -> timedelta:
        return timedelta(days=settings().keep_sessions_days)

    return [
        Retention("sessions", BrowserSession, lambda before: BrowserSession.expires_at < before, keep_ended),
        Retention("mailed links", PasswordReset, lambda before: PasswordReset.expires_at < before, keep_ended),
        Retention("failed sign-ins", FailedSignIn, lambda before: FailedSignIn.at < before, lambda: KEEP_FAILURES),
    ]


class Credentials(BaseModel):
    """What somebody types to sign in."""

    email: str = Field(max_length=254, description="Address of the account.")
    password: str = Field(max_length=200, description="Its password.", repr=False)


@dataclass(frozen=True, slots=True)
class Opened:
    """A browser session with the secret for its cookie, which is nowhere else."""

    session: BrowserSession
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Tried:
    """A password compared outside of any transaction, with what it was compared to.

    `email` and `came_from` are blind indexes; `new_hash` replaces one made with older parameters.
    """

    account_id: UUID | None
    password_hash: str | None = field(repr=False)
    email: str
    came_from: str
    fits: bool = False
    new_hash: str | None = field(default=None, repr=False)


def try_password(database: Database, given: Credentials, came_from: str) -> Tried:
    """Compare a password with the one of the account, holding no connection meanwhile; then call `sign_in_account`.

    An unknown address takes as long as a known one. Raises TooMany while the account or the network address
    `came_from` is paused, and TooManyHashes.
    """
    with database.reading() as session:
        tried = load_password_to_try(session, given, came_from)
    return compare_password(tried, given.password)


def load_password_to_try(session: Session, given: Credentials, came_from: str) -> Tried:
    """What a password is to be compared with, not yet compared. Raises TooMany during a pause."""
    email = given.email.strip().lower()
    who, where = blind_index(email, "sign-in email"), blind_index(came_from, "sign-in address")
    refuse_while_paused(_failures(session, who, where), settings().login_tries)
    account = session.scalar(select(Account).where(Account.email == email))
    return Tried(account.id if account else None, account.password_hash if account else None, who, where)


def compare_password(tried: Tried, password: str) -> Tried:
    """`tried` with whether `password` fits. Takes some 20 ms of a processor. Raises TooManyHashes."""
    fits = password_fits(tried.password_hash, password)
    outdated = fits and tried.password_hash is not None and needs_new_hash(tried.password_hash)
    return replace(tried, fits=fits, new_hash=hash_password(password) if outdated else None)


def sign_in_account(session: Session, tried: Tried) -> Account | None:
    """The account whose password was tried, or None: then the failed try is written and must be committed.

    Tries on one address, known or unknown, and tries from one network address are counted one after the other. The
    account stays locked: who changes its password meanwhile ends the session opened here, or was first.
    Unknown address, wrong password and deactivated account look alike, and so does an account whose password was
    changed since it was compared. Raises TooMany when tries at the same moment have brought the pause about.
    """
    take_turns(session, tried.email, tried.came_from)
    account = _lock_tried_account(session, tried)
    refuse_while_paused(_failures(session, tried.email, tried.came_from), settings().login_tries)
    unchanged = account is not None and account.password_hash == tried.password_hash
    if account is None or not tried.fits or not unchanged or not account.active:
        _note_failure(session, account, tried.email, tried.came_from)
        return None
    mine = (FailedSignIn.email == tried.email, FailedSignIn.came_from == tried.came_from)
    session.execute(delete(FailedSignIn).where(*mine))
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
    found = session.scalar(select(BrowserSession).where(BrowserSession.secret_hash == hash_secret(secret)))
    now = real_now()
    if found is None or found.ended_at is not None or found.expires_at <= now or not found.account.active:
        return None
    if found.factor_at is None and find_missing_step(session, found.account):
        return None
    found.seen_at, found.expires_at = now, _expiry(found.account, found.created_at)
    return found if found.expires_at > now else None


def end_browser_session(session: Session, secret: str) -> None:
    """End the session of this secret, and every token of its account; does nothing where there is none.

    A token does not say which session it was given for: the account's other browsers get a new one for theirs.
    """
    owner = session.scalar(select(BrowserSession.account_id).where(BrowserSession.secret_hash == hash_secret(secret)))
    if owner is None:
        return
    account = lock_account(session, owner)
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
    return sha256(secret.encode()).hexdigest()


def _failures(session: Session, who: str, where: str) -> Failures:
    since = real_now() - PAUSE

    def count(*which: object) -> int:
        counted = select(func.count()).select_from(FailedSignIn).where(FailedSignIn.at > since, *which)  # type: ignore[arg-type]
        return session.scalar(counted) or 0

    return Failures(
        of_both=count(FailedSignIn.email == who, FailedSignIn.came_from == where),
        from_here=count(FailedSignIn.came_from == where),
        of_account=count(FailedSignIn.email == who),
    )


def _lock_tried_account(session: Session, tried: Tried) -> Account | None:
    if tried.account_id is None:
        return None
    # Read anew: the row may have changed while this transaction waited for the lock.
    return session.get(Account, tried.account_id, with_for_update={"key_share": True}, populate_existing=True)


def _note_failure(session: Session, account: Account | None, who: str, where: str) -> None:
    session.add(FailedSignIn(at=real_now(), email=who, came_from=where))
    if account is not None:
        record_act(session, account.actor, "account:sign-in-failed", account.subject)


def _expiry(account: Account, since: datetime) -> datetime:
    """When a session that began at `since` ends unless it is used again: idle, or at its longest."""
    config, staff = settings(), is_staff(account.roles)
    idle = config.session_idle_minutes if staff else config.applicant_session_idle_minutes
    longest = config.session_hours if staff else config.applicant_session_hours
    return min(real_now() + timedelta(minutes=idle), since + timedelta(hours=longest))
