"""Pages of one's own second factor, and its reset for a colleague."""

from uuid import UUID

from pydantic import BaseModel, Field
from werkzeug.wrappers import Response

from services.registration.access import ACCOUNT_KEEPERS
from services.registration.commands.factor_proofs import is_proved, use_proof
from services.registration.commands.factors import (
    add_app_beside,
    begin_enrolment,
    confirm_enrolment,
    derive_secret,
    offer_app_beside,
    pass_second_factor,
    reset_second_factor,
)
from services.registration.commands.proving import check_own_password, refuse_other_password
from services.registration.commands.recovery_codes import renew_recovery_codes
from services.registration.commands.sessions import renew_browser_session
from services.registration.commands.steps import make_wrong_code_refusal
from services.registration.commands.unfinished import note_factor_shown
from services.registration.models import BrowserSession
from services.registration.pages.blueprint import pages
from services.registration.pages.browsers import find_own_browser, lock_own_browser
from services.registration.pages.cookies import read_session_secret
from services.registration.pages.factor_pages import render_enrolment, return_to_factors, show_recovery_codes
from services.registration.pages.factor_proof import ask_for_proof
from services.registration.pages.second_step import ShowCode
from services.registration.queries.factors import FactorsView, view_factors
from shared.errors import N_
from shared.pasted_text import Code, TypedText
from shared.web import (
    Form,
    allow,
    allow_repeats,
    current_actor,
    current_database,
    leave_notice,
    leaving_refusals,
    limit_rate,
    reading,
    redirect_to,
    render_page,
    signed_in,
    unit_of_work,
)
from shared.web.navigation import ACCOUNT


class EnrolFactor(BaseModel):
    """The password, and a first code of the app."""

    password: TypedText = Field(min_length=1, max_length=200, repr=False)
    code: Code = Field(min_length=1, max_length=40)


class RenewCodes(BaseModel):
    """A code of the app or the paper; none where the owner has just proved to be the owner."""

    code: Code = Field("", max_length=40)


@pages.route("/account/second-factor", methods=["GET", "POST"])
@allow_repeats
@signed_in
@limit_rate("30/minute")
def show_own_second_factor() -> Response:
    """See one's second factor and have new recovery codes made, or enrol one of one's own accord."""
    with reading() as session:
        factors = view_factors(session, current_actor().id)
        proved = is_proved(find_own_browser(session))
    if not factors.any:
        return _show_own_enrolment(factors)
    form = Form(RenewCodes)
    if form.submitted():
        with form.refusing():
            return show_recovery_codes(_renew_codes(form.value.code), ACCOUNT, None, "")
    return render_page("registration/accounts/second_factor.html", form=form, factors=factors, proved=proved)


@pages.route("/account/second-factor/app", methods=["GET", "POST"])
@allow_repeats
@signed_in
@limit_rate("30/minute")
def show_app_beside() -> Response:
    """Enrol an app beside one's passkeys, after a proof."""
    form, secret = Form(ShowCode), read_session_secret()
    with unit_of_work() as session:
        asking = lock_own_browser(session)
        proved, account = is_proved(asking), asking.account
        enrolment = offer_app_beside(session, account, derive_secret(secret))
        factors = view_factors(session, account.id)
    if not proved:
        return ask_for_proof("pages.show_app_beside")
    if form.submitted():
        with form.refusing():
            browser = _add_app(form.value.code)
            leave_notice(N_("Aplikasi autentikator sudah terpasang."))
            return return_to_factors(browser, secret)
    return render_enrolment(form, enrolment, page="app_beside", factors=factors)


@pages.post("/accounts/<uuid:account_id>/second-factor/reset")
@allow(ACCOUNT_KEEPERS)
def submit_second_factor_reset(account_id: UUID) -> Response:
    """Take a colleague's second factor away at the button."""
    with leaving_refusals():
        with unit_of_work() as session:
            reset_second_factor(session, current_actor(), account_id)
        leave_notice(N_("Masuk dua langkah akun ini diatur ulang; orangnya diberi tahu lewat surel."))
    return redirect_to("pages.show_account", account_id=account_id)


def _show_own_enrolment(factors: FactorsView) -> Response:
    """The enrolment of one's own accord. Whoever has but a token of the account, or its cookie, cannot enrol: the
    password is asked for, or a thief's phone would lock the owner out."""
    form, secret = Form(EnrolFactor), read_session_secret()
    with unit_of_work() as session:
        enrolment = begin_enrolment(session, lock_own_browser(session).account, derive_secret(secret))
    if form.submitted():
        with form.refusing():
            compared = check_own_password(current_database(), current_actor(), form.value.password)
            codes, browser = _enrol(form.value.code, compared)
            return show_recovery_codes(codes, ACCOUNT, browser, secret)
    return render_enrolment(form, enrolment, page="own_enrolment", factors=factors)


def _renew_codes(code: str) -> list[str]:
    """New recovery codes: for a code, or where none was given for a proof. A wrong code is counted, then refused."""
    with unit_of_work() as session:
        browser = lock_own_browser(session)
        account = browser.account
        if not code:
            use_proof(session, browser)
        right = not code or pass_second_factor(session, account, code)
        codes = renew_recovery_codes(session, account) if right else None
    if codes is None:
        raise make_wrong_code_refusal()
    return codes


def _enrol(code: str, compared: str | None) -> tuple[list[str], BrowserSession | None]:
    secret = read_session_secret()
    with unit_of_work() as session:
        account = lock_own_browser(session).account
        refuse_other_password(account, compared)
        codes = confirm_enrolment(session, account, derive_secret(secret), code)
        note_factor_shown(session, secret)
        return codes, renew_browser_session(session, secret)


def _add_app(code: str) -> BrowserSession | None:
    secret = read_session_secret()
    with unit_of_work() as session:
        browser = lock_own_browser(session)
        use_proof(session, browser)
        add_app_beside(session, browser.account, derive_secret(secret), code)
        return renew_browser_session(session, secret)
