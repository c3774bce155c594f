"""Whose browser it is that asks: the session behind its cookie, found or locked."""

from sqlalchemy.orm import Session

from services.registration.commands.proving import load_own_session, lock_own_session
from services.registration.commands.unfinished import load_unfinished_session
from services.registration.models import BrowserSession
from services.registration.pages.cookies import read_session_secret
from shared.web import current_actor


def find_unfinished_browser(session: Session) -> BrowserSession:
    """The session of somebody who has given the password a moment ago and still misses a step, its account locked.

    Raises NotSignedIn.
    """
    return load_unfinished_session(session, read_session_secret())


def find_own_browser(session: Session) -> BrowserSession:
    """The session of who is signed in, to be shown. Raises NotSignedIn for a token without one."""
    return load_own_session(session, current_actor(), read_session_secret())


def lock_own_browser(session: Session) -> BrowserSession:
    """The session of who is signed in, its account locked, to change something.

    Raises NotSignedIn for a token without one.
    """
    return lock_own_session(session, current_actor(), read_session_secret())
