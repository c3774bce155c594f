"""Where a page that is being left, or shown in the other language, sends what is typed on it so far."""

from flask import Blueprint, Response, redirect, request
from flask.typing import ResponseReturnValue

from shared.web.access import allow_repeats, limit_rate, public
from shared.web.form_state import read_form_state
from shared.web.kept_forms import TYPED, address_in_language, forget_typed, keep_typed
from shared.web.navigation import HOME
from shared.web.translation import LANGUAGES

RATE = "1200/minute"
"""For one network: an office full of people who type; each sends what was typed when it pauses for some seconds."""
FORGET = "forget"


def add_typed_route(plumbing: Blueprint) -> None:
    """Add the route to a service's own ones.

    It is for everybody, since whoever types may be signed out: what is sent belongs to the account that the form in it
    was shown to, and an answer tells nothing of it.
    """

    @plumbing.post(TYPED)
    @allow_repeats
    @public
    @limit_rate(RATE, of_process=True)
    def keep_typed_form() -> ResponseReturnValue:
        """Keep what is typed so far; then nothing, the page in another language, or the page as it was saved."""
        then, state = request.form.get("_then", ""), read_form_state()
        page = state.page if state else HOME
        if then == FORGET:
            forget_typed()
            return redirect(page, code=303)
        keep_typed()
        if then in LANGUAGES:
            return redirect(address_in_language(page, then), code=303)
        return Response(status=204)
