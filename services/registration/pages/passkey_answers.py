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
from services.registration.models import BrowserSession
from shared.web import BodyLimit, unit_of_work

ANSWER = BodyLimit(64 * 1024, 64 * 1024)
"""A form with a browser's answer: 16,000 characters at most, some of which take three in a form."""

FindBrowser = Callable[[Session], BrowserSession]


def take_made_passkey(given: NewPasskey, find_browser: FindBrowser) -> MadePasskey:
    """The browser's answer about a passkey it made, and the challenge, which is used up for it.

    `find_browser` finds the session that was challenged. Raises Invalid for what is unreadable, Conflict when its time
    is over, and as `find_browser`.
    """
    answer = read_new_passkey(given)
    return MadePasskey(given.name, answer, _use_up(find_browser))


def take_shown_passkey(given: ShowPasskey, find_browser: FindBrowser) -> ShownPasskey:
    """The browser's answer about a passkey it showed, and the challenge, which is used up for it.

    `find_browser` finds the session that was challenged. Raises Invalid for what is unreadable, Conflict when its time
    is over, and as `find_browser`.
    """
    answer = read_shown_passkey(given)
    return ShownPasskey(answer, _use_up(find_browser))


def _use_up(find_browser: FindBrowser) -> bytes:
    """The challenge, in a transaction of its own: a wrong answer has used it up, whatever becomes of its request."""
    with unit_of_work() as session:
        return use_challenge(session, find_browser(session))
