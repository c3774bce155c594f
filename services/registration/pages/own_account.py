"""One's own account: name, language, password, and where one is signed in."""

from werkzeug.wrappers import Response

from services.registration.commands.accounts import ChangeProfile, change_profile
from services.registration.commands.passwords import ChangePassword, change_password, prepare_change
from services.registration.commands.sessions import renew_browser_session, sign_out_everywhere
from services.registration.models import BrowserSession
from services.registration.pages.blueprint import pages
from services.registration.pages.cookies import read_session_secret, set_sign_in_cookies
from services.registration.queries import accounts as queries
from shared.errors import N_
from shared.web import (
    Form,
    current_actor,
    current_database,
    leave_notice,
    limit_rate,
    reading,
    redirect_to,
    render_page,
    set_safe_cookie,
    signed_in,
    unit_of_work,
)
from shared.web.translation import COOKIE as LANGUAGE_COOKIE


@pages.get("/account")
@signed_in
def show_own_account() -> Response:
    """Show one's own account and where one is signed in."""
    with reading() as session:
        account = queries.view_account(session, current_actor().id)
        sessions = queries.list_living_sessions(session, current_actor().id, read_session_secret())
    return render_page("registration/accounts/own.html", account=account, sessions=sessions)


@pages.route("/account/profile", methods=["GET", "POST"])
@signed_in
def show_own_profile() -> Response:
    """Change one's own name and language."""
    with reading() as session:
        account = queries.view_account(session, current_actor().id)
    form = Form(ChangeProfile, values={"name": account.name, "language": account.language})
    if form.submitted():
        with form.refusing():
            with unit_of_work() as session:
                changed = change_profile(session, current_actor(), form.value)
                browser = renew_browser_session(session, read_session_secret())
            leave_notice(N_("Profil Anda sudah diperbarui."))
            response = _back_to_account(browser)
            set_safe_cookie(response, LANGUAGE_COOKIE, changed.language)
            return response
    return render_page("registration/accounts/profile.html", form=form)


@pages.route("/account/password", methods=["GET", "POST"])
@signed_in
@limit_rate("10/minute")
def show_own_password() -> Response:
    """Change one's own password."""
    form = Form(ChangePassword)
    if form.submitted():
        with form.refusing():
            new = prepare_change(current_database(), current_actor(), form.value)
            with unit_of_work() as session:
                change_password(session, current_actor(), new, keep=read_session_secret())
                browser = renew_browser_session(session, read_session_secret())
            leave_notice(N_("Kata sandi sudah diganti. Peramban lain yang masih masuk sudah dikeluarkan."))
            return _back_to_account(browser)
    return render_page("registration/accounts/password.html", form=form)


@pages.post("/account/sessions/end")
@signed_in
def submit_end_of_other_sessions() -> Response:
    """End the sessions of all other browsers."""
    with unit_of_work() as session:
        ended = sign_out_everywhere(session, current_actor(), but=read_session_secret())
        browser = renew_browser_session(session, read_session_secret())
    leave_notice(N_("{number} peramban lain sudah dikeluarkan."), number=ended)
    return _back_to_account(browser)


def _back_to_account(browser: BrowserSession | None) -> Response:
    """To the page of the account, with a token of its new generation for this browser."""
    response = redirect_to("pages.show_own_account")
    if browser is not None:
        set_sign_in_cookies(response, browser, read_session_secret())
    return response
