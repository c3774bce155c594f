"""The cookie of a known browser: for whom it has signed in before (`commands/devices.py`). It outlives signing out."""

from flask import after_this_request
from werkzeug.wrappers import Response

from services.registration.commands.devices import add_device_key
from services.registration.commands.tries import Visitor
from shared.persons import fold_typed_email
from shared.web import read_cookie, set_safe_cookie
from shared.web.limits import current_network

DEVICE_COOKIE = "kompeten_device"
DEVICE_PATH = "/registration"
DEVICE_SECONDS = 365 * 24 * 3600
LONGEST = 1000
BETWEEN = "~"


def current_visitor() -> Visitor:
    """From where this request comes: its network, and whom its browser has signed in for before."""
    keys = read_cookie(DEVICE_COOKIE)[:LONGEST].split(BETWEEN)
    return Visitor(current_network(), tuple(key for key in keys if key))


def know_browser(email: str) -> None:
    """Let the answer to this request make its browser a known one for this address, and keep those it is known for."""
    keys = add_device_key(fold_typed_email(email), current_visitor().device_keys)

    def set_cookie(response: Response) -> Response:
        set_safe_cookie(response, DEVICE_COOKIE, BETWEEN.join(keys), max_age=DEVICE_SECONDS, path=DEVICE_PATH)
        return response

    after_this_request(set_cookie)
