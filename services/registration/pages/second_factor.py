"""Pages of the second factor: shown at sign-in, enrolled at the first one, looked after by its owner."""

from uuid import UUID

from flask import request
from pydantic import BaseModel, Field
from werkzeug.wrappers import Response

from services.registration.access import ACCOUNT_KEEPERS
from services.registration.commands.authority import lock_own_account
from services.registration.commands.factors import (
    Enrolment,
    begin_enrolment,
    confirm_enrolment,
    count_recovery_codes,
    derive_secret,
    has_second_factor,
    pass_second_factor,
    renew_recovery_codes,
    reset_second_factor,
)
from services.registration.commands.sessions import Opened, renew_browser_session
from services.registration.commands.steps import CODE_WRONG, Step, find_missing_step
from services.registration.commands.unfinished import finish_browser_session, load_unfinished_session, note_factor_shown
from services.registration.models import BrowserSession
from services.registration.pages.blueprint import pages
from services.registration.pages.cookies import (
    check_local_path,
    find_work_list,
    read_session_secret,
    set_sign_in_cookies,
)
from shared.documents.qr import qr_svg
from shared.errors import N_, Invalid, NotSignedIn
from shared.web import (
    Form,
    allow,
    allow_repeats,
    current_actor,
    leave_notice,
    leaving_refusals,
    limit_rate,
    public,
    reading,
    redirect_to,
    render_page,
    signed_in,
    unit_of_work,
)


class ShowCode(BaseModel):
    """A code of the app, or one of the paper."""

    code: str = Field(min_length=1, max_length=40)


@pages.route("/sign-in/code", methods=["GET", "POST"])
@allow_repeats
@public
@limit_rate("30/minute")
def show_code() -> Response:
    """Ask for the code, after the password."""
    here, form = check_local_path(request.args.get("next")), Form(ShowCode)
    if form.submitted():
        with form.refusing():
            opened = _pass_code(form.value.code)
            response = redirect_to(here or find_work_list(opened.session.account.roles))
            set_sign_in_cookies(response, opened.session, opened.secret)
            return response
    else:
        with unit_of_work() as session:
            load_unfinished_session(session, read_session_secret())
    return render_page("registration/accounts/code.html", form=form)


@pages.route("/sign-in/enrolment", methods=["GET", "POST"])
@public
@limit_rate("30/minute")
def show_enrolment() -> Response:
    """Enrol the second factor that staff need, at the first sign-in."""
    here, form = check_local_path(request.args.get("next")), Form(ShowCode)
    with unit_of_work() as session:
        enrolment = begin_enrolment(
            session, load_unfinished_session(session, read_session_secret()).account, _offered_secret()
        )
    if form.submitted():
        with form.refusing():
            with unit_of_work() as session:
                unfinished = load_unfinished_session(session, read_session_secret())
                codes = confirm_enrolment(session, unfinished.account, _offered_secret(), form.value.code)
                opened = finish_browser_session(session, unfinished)
            onward = here or find_work_list(opened.session.account.roles)
            return _show_recovery_codes(codes, onward, opened.session, opened.secret)
    return _show_enrolment(form, enrolment)


@pages.route("/account/second-factor", methods=["GET", "POST"])
@signed_in
@limit_rate("30/minute")
def show_own_second_factor() -> Response:
    """Enrol a second factor of one's own accord, or have new recovery codes made."""
    form = Form(ShowCode)
    with reading() as session:
        there = has_second_factor(session, current_actor().id)
        left = count_recovery_codes(session, current_actor().id)
    if form.submitted():
        with form.refusing():
            codes, browser = _renew_codes(form.value.code) if there else _enrol(form.value.code)
            return _show_recovery_codes(codes, "/registration/account", browser, read_session_secret())
    if there:
        return render_page("registration/accounts/second_factor.html", form=form, left=left)
    with unit_of_work() as session:
        enrolment = begin_enrolment(session, lock_own_account(session, current_actor()), _offered_secret())
    return _show_enrolment(form, enrolment)


@pages.post("/accounts/<uuid:account_id>/second-factor/reset")
@allow(ACCOUNT_KEEPERS)
def submit_second_factor_reset(account_id: UUID) -> Response:
    """Take a colleague's second factor away at the button."""
    with leaving_refusals():
        with unit_of_work() as session:
            reset_second_factor(session, current_actor(), account_id)
        leave_notice(N_("Masuk dua langkah akun ini diatur ulang; orangnya diberi tahu lewat surel."))
    return redirect_to("pages.show_account", account_id=account_id)


def _offered_secret() -> str:
    """The secret that this browser's session offers. Raises NotSignedIn without a session."""
    secret = read_session_secret()
    if not secret:
        raise NotSignedIn("not-signed-in", N_("Silakan masuk terlebih dahulu."))
    return derive_secret(secret)


def _pass_code(code: str) -> Opened:
    """The finished session. A wrong code is counted, then refused."""
    with unit_of_work() as session:
        unfinished = load_unfinished_session(session, read_session_secret())
        right = find_missing_step(session, unfinished.account) is Step.CODE
        right = right and pass_second_factor(session, unfinished.account, code)
        opened = finish_browser_session(session, unfinished) if right else None
    if opened is None:
        raise Invalid("second-factor-wrong", CODE_WRONG, fields={"code": CODE_WRONG})
    return opened


def _renew_codes(code: str) -> tuple[list[str], BrowserSession | None]:
    with unit_of_work() as session:
        account = lock_own_account(session, current_actor())
        codes = renew_recovery_codes(session, account) if pass_second_factor(session, account, code) else None
    if codes is None:
        raise Invalid("second-factor-wrong", CODE_WRONG, fields={"code": CODE_WRONG})
    return codes, None


def _enrol(code: str) -> tuple[list[str], BrowserSession | None]:
    with unit_of_work() as session:
        codes = confirm_enrolment(session, lock_own_account(session, current_actor()), _offered_secret(), code)
        note_factor_shown(session, read_session_secret())
        session.flush()
        return codes, renew_browser_session(session, read_session_secret())


def _show_enrolment(form: Form[ShowCode], enrolment: Enrolment) -> Response:
    secret = " ".join(enrolment.secret[start : start + 4] for start in range(0, len(enrolment.secret), 4))
    page = "registration/accounts/enrolment.html"
    return render_page(page, form=form, secret=secret, address=enrolment.address, qr=qr_svg(enrolment.address))


def _show_recovery_codes(codes: list[str], onward: str, browser: BrowserSession | None, secret: str) -> Response:
    """The codes are shown in the answer itself: they are kept nowhere, and no other page could show them."""
    response = render_page("registration/accounts/recovery_codes.html", codes=codes, onward=onward)
    if browser is not None:
        set_sign_in_cookies(response, browser, secret)
    return response
