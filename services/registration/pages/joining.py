"""Pages of opening an account and of a forgotten password: both answer by mail, the same for every address."""

from http import HTTPStatus

from flask import request
from werkzeug.wrappers import Response

from services.registration.commands.passwords import (
    RequestReset,
    ResetPassword,
    lock_usable_reset,
    prepare_reset,
    request_password_reset,
    reset_password,
)
from services.registration.commands.registering import (
    ConfirmRegistration,
    Register,
    confirm_registration,
    lock_usable_registration,
    prepare_confirmation,
    request_registration,
)
from services.registration.commands.sessions import open_browser_session
from services.registration.device_cookie import know_browser
from services.registration.domain.accounts import LANGUAGES, MAILS_PER_HOUR
from services.registration.pages.blueprint import pages
from services.registration.pages.cookies import delete_sign_in_cookies
from services.registration.pages.sign_in import answer_signed_in
from shared.errors import N_
from shared.web import (
    Form,
    current_database,
    current_language,
    leave_notice,
    limit_rate,
    public,
    redirect_to,
    render_page,
    unit_of_work,
)


@pages.route("/register", methods=["GET", "POST"])
@public
@limit_rate("30/minute")
def show_registration() -> Response:
    """Ask for an applicant's account. What follows comes by mail: the page is the same for every address."""
    form = Form(Register, values={"language": current_language()})
    if form.submitted(_with_language):
        with form.refusing():
            with unit_of_work() as session:
                request_registration(session, form.value)
            return redirect_to("pages.show_registration_mailed")
    return render_page("registration/accounts/register.html", form=form)


@pages.get("/register/mailed")
@public
def show_registration_mailed() -> Response:
    """Say that a letter is on its way, whatever it will say."""
    return render_page("registration/accounts/mailed.html", most=MAILS_PER_HOUR)


@pages.route("/register/confirm", methods=["GET", "POST"])
@public
@limit_rate("30/minute")
def show_registration_confirmation() -> Response:
    """Open the account through the mailed link: see the name, set the password, and be signed in."""
    form = Form(ConfirmRegistration, values={"key": request.args.get("key", "")})
    if form.submitted():
        with form.refusing():
            confirmed = prepare_confirmation(current_database(), form.value)
            with unit_of_work() as session:
                opened = open_browser_session(session, confirm_registration(session, form.value.key, confirmed))
            leave_notice(N_("Akun Anda sudah dibuka. Selamat datang."))
            return answer_signed_in(opened.session, opened.secret, None)
    elif request.method == "GET":
        with form.refusing(), unit_of_work() as session:
            form.data["name"] = lock_usable_registration(session, form.text("key")).name
    return _without_referrer(render_page("registration/accounts/confirm.html", form=form))


@pages.route("/password/forgot", methods=["GET", "POST"])
@public
@limit_rate("10/minute")
def show_forgotten_password() -> Response:
    """Have a link mailed that sets a new password; the answer does not tell whether there is such an account."""
    form = Form(RequestReset)
    if form.submitted():
        with unit_of_work() as session:
            request_password_reset(session, form.value)
        return redirect_to("pages.show_password_mailed")
    return render_page("registration/accounts/forgot_password.html", form=form)


@pages.get("/password/mailed")
@public
def show_password_mailed() -> Response:
    """Say how long the link lives and what to do when no letter comes; the same for every address."""
    return render_page("registration/accounts/password_mailed.html", most=MAILS_PER_HOUR)


@pages.route("/password/reset", methods=["GET", "POST"])
@public
@limit_rate("30/minute")
def show_password_reset() -> Response:
    """Set a new password through a mailed link."""
    form = Form(ResetPassword, values={"key": request.args.get("key", "")})
    if form.submitted():
        with form.refusing():
            new = prepare_reset(current_database(), form.value)
            with unit_of_work() as session:
                email = reset_password(session, form.value.key, new).email
            leave_notice(N_("Kata sandi baru sudah berlaku. Silakan masuk."))
            response = redirect_to("pages.show_sign_in")
            delete_sign_in_cookies(response)
            know_browser(email)
            return response
    first = False
    if form.status != HTTPStatus.CONFLICT:
        with form.refusing(), unit_of_work() as session:
            first = lock_usable_reset(session, form.text("key")).account.password_hash is None
    return _without_referrer(render_page("registration/accounts/reset_password.html", form=form, first=first))


def _with_language(data: dict[str, object]) -> dict[str, object]:
    """Whoever registers reads the pages in some language: mails come in the same."""
    return {**data, "language": data.get("language") if data.get("language") in LANGUAGES else current_language()}


def _without_referrer(response: Response) -> Response:
    """The address of the page holds a key: no other site is told it."""
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
