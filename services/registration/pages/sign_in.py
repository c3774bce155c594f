"""Pages of signing in and out."""

from http import HTTPStatus
from urllib.parse import quote

from flask import jsonify, redirect, request
from werkzeug.wrappers import Response

from services.registration.commands.device_links import find_device_link, use_device_link
from services.registration.commands.sessions import (
    Credentials,
    end_browser_session,
    make_sign_in_refusal,
    open_browser_session,
    renew_browser_session,
    sign_in_account,
    try_password,
)
from services.registration.commands.steps import Step, find_missing_step
from services.registration.commands.telling import tell_of_sign_in
from services.registration.device_cookie import current_visitor, know_browser
from services.registration.models import BrowserSession
from services.registration.pages.blueprint import pages
from services.registration.pages.cookies import (
    check_local_path,
    delete_sign_in_cookies,
    find_work_list,
    read_session_secret,
    set_sign_in_cookies,
    set_unfinished_cookie,
)
from shared.errors import N_, Invalid
from shared.web import (
    Form,
    allow_repeats,
    current_actor_or_none,
    current_database,
    leave_notice,
    limit_rate,
    no_csrf,
    pass_body_on,
    public,
    redirect_to,
    render_page,
    signed_in,
    unit_of_work,
)
from shared.web.form_state import read_form_state
from shared.web.navigation import SIGN_IN, SIGN_OUT
from shared.web.notices import tell_not_saved
from shared.web.problems import wants_json


@pages.route("/sign-in", methods=["GET", "POST"])
@allow_repeats
@public
@limit_rate("60/minute")
def show_sign_in() -> Response:
    """Sign in; who is signed in already goes on to where they came from or to their work list."""
    here = check_local_path(request.args.get("next"))
    if here == SIGN_OUT:
        here = None  # who was signed out already has arrived
    if request.method == "GET":
        known = current_actor_or_none()
        if known is not None:
            return redirect_to(here or find_work_list(known.roles))
        if read_session_secret():
            return show_session_renewal()
    form = Form(Credentials)
    if form.submitted():
        with form.refusing():
            tried = try_password(current_database(), form.value, current_visitor())
            with unit_of_work() as session:
                account = sign_in_account(session, tried)
                opened = open_browser_session(session, account) if account else None
                step = find_missing_step(session, account) if account else None
                if account is not None and step is None:
                    tell_of_sign_in(session, account, current_visitor())
            if opened is None:
                answer = make_sign_in_refusal()
                raise Invalid(answer.code, answer.message, fields=answer.fields)
            return answer_signed_in(opened.session, opened.secret, here, step)
    return render_page("registration/accounts/sign_in.html", form=form, next=here)


@pages.route("/sign-in/known", methods=["GET", "POST"])
@public
@limit_rate("30/minute")
def show_known_browser() -> Response:
    """Through a mailed link, make this browser one that strangers' failed tries elsewhere do not keep out.

    Mail programs look at links by themselves: it is used up by pressing the button, not by opening the page.
    """
    key = request.args.get("key", "")
    with unit_of_work() as session:
        if request.method == "GET":
            find_device_link(session, key)
        else:
            email = use_device_link(session, key)
    if request.method == "POST":
        leave_notice(N_("Peramban ini sekarang dikenal. Silakan masuk dengan kata sandi Anda."))
        know_browser(email)
        return redirect_to("pages.show_sign_in")
    response = render_page("registration/accounts/known_browser.html", key=key)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@pages.post("/sign-out")
@allow_repeats
@signed_in
def submit_sign_out() -> Response:
    """End the session of this browser."""
    with unit_of_work() as session:
        end_browser_session(session, read_session_secret())
    leave_notice(N_("Anda sudah keluar."))
    response = redirect_to("pages.show_registration_home")
    delete_sign_in_cookies(response)
    return response


@pages.route("/session/renew", methods=["GET", "POST"])
@allow_repeats
@public
@no_csrf
@pass_body_on
def show_session_renewal() -> Response:
    """A new token for a living session, then back to where the browser wanted to go, with what it was sending (307)."""
    secret = read_session_secret()
    here = check_local_path(request.args.get("next"))
    with unit_of_work() as session:
        found = renew_browser_session(session, secret) if secret else None
    if found is None:
        return _sign_in_again(here)
    if wants_json():
        response: Response = jsonify()
        response.set_data(b"")
        response.status_code = HTTPStatus.NO_CONTENT
    else:
        code = HTTPStatus.TEMPORARY_REDIRECT if request.method == "POST" else HTTPStatus.SEE_OTHER
        response = redirect(here or find_work_list(found.account.roles), code=code)
    set_sign_in_cookies(response, found, secret)
    return response


def answer_signed_in(session: BrowserSession, secret: str, here: str | None, step: Step | None = None) -> Response:
    """On to `here` or the work list with the cookies of the session, or to the step that is still missing."""
    if step is not None:
        page = "pages.show_code" if step is Step.CODE else "pages.show_enrolment"
        response = redirect_to(page, next=here) if here else redirect_to(page)
        set_unfinished_cookie(response, session, secret)
        return response
    response = redirect_to(here or find_work_list(session.account.roles))
    set_sign_in_cookies(response, session, secret)
    know_browser(session.account.email)
    return response


def _sign_in_again(here: str | None) -> Response:
    """To the form that signs in, and from there back; what was being sent is lost, and that is said."""
    if wants_json():
        response: Response = jsonify()
        response.status_code = HTTPStatus.UNAUTHORIZED
    else:
        form = read_form_state()
        here = form.page if form else here
        tell_not_saved(here or "", kept=form is not None)
        response = redirect(f"{SIGN_IN}?next={quote(here, safe='')}" if here else SIGN_IN, code=HTTPStatus.SEE_OTHER)
    delete_sign_in_cookies(response)
    return response
