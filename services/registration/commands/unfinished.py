"""Browser sessions between the password and the second factor."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.registration.commands.loading import lock_account
from services.registration.commands.sessions import Opened, hash_secret, open_browser_session
from services.registration.commands.steps import UNFINISHED
from services.registration.models.accounts import BrowserSession
from shared.clock import real_now
from shared.errors import N_, NotSignedIn


def load_unfinished_session(session: Session, secret: str) -> BrowserSession:
    """The session of somebody who has given the password a moment ago and nothing else, its account locked.

    Raises NotSignedIn when there is none, or it is older than `UNFINISHED`.
    """
    found = session.scalar(select(BrowserSession).where(BrowserSession.secret_hash == hash_secret(secret)))
    young = found is not None and real_now() < found.created_at + UNFINISHED
    if found is None or not young or found.ended_at is not None or found.factor_at is not None:
        raise NotSignedIn("not-signed-in", N_("Silakan masuk terlebih dahulu."))
    if not lock_account(session, found.account_id).active:
        raise NotSignedIn("not-signed-in", N_("Silakan masuk terlebih dahulu."))
    return found


def finish_browser_session(session: Session, unfinished: BrowserSession) -> Opened:
    """Put a session with the second factor shown in the place of the unfinished one, under a new secret."""
    unfinished.ended_at = real_now()
    return open_browser_session(session, unfinished.account, factor_shown=True)


def note_factor_shown(session: Session, secret: str) -> None:
    """Let the session of this secret go on once its account has a second factor: its owner has just shown it."""
    found = session.scalar(select(BrowserSession).where(BrowserSession.secret_hash == hash_secret(secret)))
    if found is not None:
        found.factor_at = real_now()
