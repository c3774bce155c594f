"""What several pages of the second factor do alike: show how to enrol one and the recovery codes, and go back."""

from typing import Any

from werkzeug.wrappers import Response

from services.registration.commands.factors import Enrolment
from services.registration.models import BrowserSession
from services.registration.pages.cookies import set_sign_in_cookies
from shared.documents.qr import qr_svg
from shared.web import Form, redirect_to, render_page


def render_enrolment(form: Form[Any], enrolment: Enrolment, *, page: str = "enrolment", **context: Any) -> Response:
    """A page on which an app's secret is offered."""
    secret, address, qr = _group_secret(enrolment.secret), enrolment.address, qr_svg(enrolment.address)
    template = f"registration/accounts/{page}.html"
    return render_page(template, form=form, secret=secret, address=address, qr=qr, **context)


def show_recovery_codes(codes: list[str], onward: str, browser: BrowserSession | None, secret: str) -> Response:
    """The codes are shown in the answer itself: they are kept nowhere, and no other page could show them."""
    return _renew_token(
        render_page("registration/accounts/recovery_codes.html", codes=codes, onward=onward), browser, secret
    )


def return_to_factors(browser: BrowserSession | None, secret: str) -> Response:
    """To the page of one's own second factor, after it was changed."""
    return _renew_token(redirect_to("pages.show_own_second_factor"), browser, secret)


def _renew_token(response: Response, browser: BrowserSession | None, secret: str) -> Response:
    """The answer with a token of the account's new generation, which its change brought about, for this browser."""
    if browser is not None:
        set_sign_in_cookies(response, browser, secret)
    return response


def _group_secret(secret: str) -> str:
    """A secret as people type it: in groups of four."""
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
