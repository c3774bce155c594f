"""Browser sessions between the password and the second factor."""

from sqlalchemy.orm import Session

from services.registration.commands.sessions import (
    Opened,
    find_browser_session,
    lock_session_owner,
    open_browser_session,
)
from services.registration.commands.steps import UNFINISHED, find_missing_step
from services.registration.models.accounts import BrowserSession
from shared.clock import real_now
from shared.errors import demand_sign_in


def load_unfinished_session(session: Session, secret: str) -> BrowserSession:
    """The session of somebody who has given the password a moment ago and still misses a step, its account locked.

    Raises NotSignedIn when there is none, it is older than `UNFINISHED`, or nothing is missing: whoever is signed in
    without a second factor enrols one on the pages of the own account, which ask for the password again.
    """
    owner = lock_session_owner(session, secret)
    found = find_browser_session(session, secret)
    young = found is not None and real_now() < found.created_at + UNFINISHED
    if found is None or not young or found.ended_at is not None or found.factor_at is not None:
        raise demand_sign_in()
    if owner is None or not owner.active or find_missing_step(session, owner) is None:
        raise demand_sign_in()
    return found


def finish_browser_session(session: Session, unfinished: BrowserSession) -> Opened:
    """Put a session with the second factor shown in the place of the unfinished one, under a new secret."""
    unfinished.ended_at = real_now()
    return open_browser_session(session, unfinished.account, factor_shown=True)


def note_factor_shown(session: Session, secret: str) -> None:
    """Let the session of this secret go on once its account has a second factor: its owner has just shown it."""
    found = find_browser_session(session, secret)
    if found is not None:
        found.factor_at = real_now()
