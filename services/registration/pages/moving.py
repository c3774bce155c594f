"""The page on which somebody moves the second factor to another phone."""

from werkzeug.wrappers import Response

from services.registration.commands.moving import MoveFactor, move_second_factor, offer_move
from services.registration.commands.proving import check_own_password, refuse_other_password
from services.registration.commands.sessions import renew_browser_session
from services.registration.commands.steps import make_wrong_code_refusal
from services.registration.models import BrowserSession
from services.registration.pages.blueprint import pages
from services.registration.pages.browsers import lock_own_browser
from services.registration.pages.cookies import read_session_secret
from services.registration.pages.factor_pages import render_enrolment, show_recovery_codes
from shared.web import (
    Form,
    allow_repeats,
    current_actor,
    current_database,
    limit_rate,
    signed_in,
    unit_of_work,
)
from shared.web.navigation import ACCOUNT


@pages.route("/account/second-factor/move", methods=["GET", "POST"])
@allow_repeats
@signed_in
@limit_rate("10/minute")
def show_factor_move() -> Response:
    """Move one's second factor to a new phone."""
    form, secret = Form(MoveFactor), read_session_secret()
    if form.submitted():
        with form.refusing():
            codes, browser = _move(form.value, secret)
            return show_recovery_codes(codes, ACCOUNT, browser, secret)
    with unit_of_work() as session:
        offered = offer_move(session, lock_own_browser(session).account, secret)
    return render_enrolment(form, offered, page="move_factor")


def _move(given: MoveFactor, secret: str) -> tuple[list[str], BrowserSession | None]:
    """The new recovery codes, and this browser's session. A wrong old code is counted, then refused."""
    compared = check_own_password(current_database(), current_actor(), given.password)
    with unit_of_work() as session:
        account = lock_own_browser(session).account
        refuse_other_password(account, compared)
        codes = move_second_factor(session, account, given, secret)
        browser = renew_browser_session(session, secret) if codes else None
    if codes is None:
        raise make_wrong_code_refusal("old")
    return codes, browser
