"""A browser's answer about a passkey, taken from a form: read, and its challenge used up, before anything is done."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from services.registration.commands.challenges import use_challenge
from services.registration.commands.passkey_answers import (
    MadePasskey,
    NewPasskey,
    ShownPasskey,
    ShowPasskey,
    read_new_passkey,
    read_shown_passkey,
)
from services.registration.commands.proving import load_own_session, lock_own_session
from services.registration.commands.unfinished import load_unfinished_session
from services.registration.models import BrowserSession
from services.registration.pages.cookies import read_session_secret
from shared.web import BodyLimit, current_actor, unit_of_work

ANSWER = BodyLimit(64 * 1024, 64 * 1024)
"""A form with a browser's answer: 16,000 characters at most, some of which take three in a form."""

FindBrowser = Callable[[Session], BrowserSession]


def find_unfinished_browser(session: Session) -> BrowserSession:
    """The session of somebody who has given the password a moment ago, its account locked. Raises NotSignedIn."""
    return load_unfinished_session(session, read_session_secret())


def find_own_browser(session: Session) -> BrowserSession:
    """The session of who is signed in. Raises NotSignedIn for a token without one."""
    return load_own_session(session, current_actor(), read_session_secret())


def lock_own_browser(session: Session) -> BrowserSession:
    """The same with its account locked, for what is changed. Raises NotSignedIn."""
    return lock_own_session(session, current_actor(), read_session_secret())


def take_made_passkey(given: NewPasskey, find_browser: FindBrowser) -> MadePasskey:
    """The answer about a new passkey. Raises Invalid for what is unreadable, Conflict when its time is over."""
    answer = read_new_passkey(given)
    return MadePasskey(given.name, answer, _use_up(find_browser))


def take_shown_passkey(given: ShowPasskey, find_browser: FindBrowser) -> ShownPasskey:
    """The same of a passkey that was shown."""
    answer = read_shown_passkey(given)
    return ShownPasskey(answer, _use_up(find_browser))


def _use_up(find_browser: FindBrowser) -> bytes:
    """The challenge, in a transaction of its own: a wrong answer has used it up, whatever becomes of its request."""
    with unit_of_work() as session:
        return use_challenge(session, find_browser(session))
