"""Pages between the password and the work: the second factor is shown, or enrolled at the first sign-in."""

from flask import jsonify, request
from pydantic import BaseModel, Field
from werkzeug.wrappers import Response

from services.registration.commands.factors import begin_enrolment, confirm_enrolment, derive_secret
from services.registration.commands.passkey_answers import MadePasskey, NewPasskey, ShowPasskey
from services.registration.commands.passkeys import enrol_passkey, offer_new_passkey, offer_own_passkeys
from services.registration.commands.sessions import Opened
from services.registration.commands.shown_factors import make_wrong_factor_refusal, pass_shown_factor
from services.registration.commands.steps import Step, find_missing_step
from services.registration.commands.telling import tell_of_sign_in
from services.registration.commands.unfinished import finish_browser_session
from services.registration.device_cookie import current_visitor, know_browser
from services.registration.pages.blueprint import pages
from services.registration.pages.browsers import find_unfinished_browser
from services.registration.pages.cookies import (
    check_local_path,
    find_work_list,
    read_session_secret,
    set_sign_in_cookies,
)
from services.registration.pages.factor_pages import render_enrolment, show_recovery_codes
from services.registration.pages.passkey_answers import ANSWER, take_made_passkey, take_shown_passkey
from services.registration.queries.factors import view_factors
from shared.errors import demand_sign_in
from shared.pasted_text import Code
from shared.web import Form, allow_repeats, limit_body, limit_rate, public, redirect_to, render_page, unit_of_work


class ShowCode(BaseModel):
    """A code of the app, or one of the paper."""

    code: Code = Field(min_length=1, max_length=40)


@pages.route("/sign-in/code", methods=["GET", "POST"])
@allow_repeats
@public
@limit_rate("30/minute")
@limit_body(ANSWER)
def show_code() -> Response:
    """Ask for a passkey or a code, after the password."""
    here = check_local_path(request.args.get("next"))
    form: Form[ShowCode] | Form[ShowPasskey] = Form(ShowPasskey) if _brings_passkey() else Form(ShowCode)
    if form.submitted():
        with form.refusing():
            opened = _pass_step(form.value)
            response = redirect_to(here or find_work_list(opened.session.account.roles))
            set_sign_in_cookies(response, opened.session, opened.secret)
            know_browser(opened.session.account.email)
            return response
    with unit_of_work() as session:
        factors = view_factors(session, find_unfinished_browser(session).account_id)
    return render_page("registration/accounts/code.html", form=form, factors=factors)


@pages.post("/sign-in/code/challenge")
@allow_repeats
@public
@limit_rate("30/minute")
def submit_sign_in_challenge() -> Response:
    """What a browser is asked for to show a passkey, after the password."""
    with unit_of_work() as session:
        browser = find_unfinished_browser(session)
        options = offer_own_passkeys(session, browser.account, browser)
    return jsonify(options)


@pages.route("/sign-in/enrolment", methods=["GET", "POST"])
@allow_repeats
@public
@limit_rate("30/minute")
@limit_body(ANSWER)
def show_enrolment() -> Response:
    """Enrol the second factor that staff need, at the first sign-in: a passkey or an app."""
    here = check_local_path(request.args.get("next"))
    form: Form[ShowCode] | Form[NewPasskey] = Form(NewPasskey) if _brings_passkey() else Form(ShowCode)
    with unit_of_work() as session:
        account = find_unfinished_browser(session).account
        enrolment = begin_enrolment(session, account, _offered_secret())
        factors = view_factors(session, account.id)
    if form.submitted():
        with form.refusing():
            codes, opened = _enrol(form.value)
            know_browser(opened.session.account.email)
            onward = here or find_work_list(opened.session.account.roles)
            return show_recovery_codes(codes, onward, opened.session, opened.secret)
    return render_enrolment(form, enrolment, factors=factors)


@pages.post("/sign-in/enrolment/challenge")
@allow_repeats
@public
@limit_rate("30/minute")
def submit_enrolment_challenge() -> Response:
    """What a browser is asked for to make the first passkey, after the password."""
    with unit_of_work() as session:
        browser = find_unfinished_browser(session)
        if find_missing_step(session, browser.account) is not Step.ENROL:
            raise demand_sign_in()
        options = offer_new_passkey(session, browser.account, browser)
    return jsonify(options)


def _brings_passkey() -> bool:
    """Whether the form that was sent is the one with the browser's answer."""
    return "credential" in request.form


def _offered_secret() -> str:
    """The secret that this browser's session offers to an app."""
    return derive_secret(read_session_secret())


def _pass_step(given: ShowCode | ShowPasskey) -> Opened:
    """The finished session. A wrong code or passkey is counted, then refused."""
    shown = take_shown_passkey(given, find_unfinished_browser) if isinstance(given, ShowPasskey) else given.code
    with unit_of_work() as session:
        unfinished = find_unfinished_browser(session)
        right = find_missing_step(session, unfinished.account) is Step.CODE
        right = right and pass_shown_factor(session, unfinished.account, shown)
        opened = finish_browser_session(session, unfinished) if right else None
        if right:
            tell_of_sign_in(session, unfinished.account, current_visitor())
    if opened is None:
        raise make_wrong_factor_refusal(shown)
    return opened


def _enrol(given: ShowCode | NewPasskey) -> tuple[list[str], Opened]:
    """Recovery codes, and the finished session."""
    made = take_made_passkey(given, find_unfinished_browser) if isinstance(given, NewPasskey) else given.code
    with unit_of_work() as session:
        unfinished = find_unfinished_browser(session)
        if isinstance(made, MadePasskey):
            codes = enrol_passkey(session, unfinished.account, made)
        else:
            codes = confirm_enrolment(session, unfinished.account, _offered_secret(), made)
        opened = finish_browser_session(session, unfinished)
        tell_of_sign_in(session, unfinished.account, current_visitor())
    return codes, opened
