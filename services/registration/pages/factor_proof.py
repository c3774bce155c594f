"""The page on which somebody signed in shows password and second factor again, before changing the second factor."""

from typing import Any

from flask import jsonify, request, url_for
from pydantic import Field
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from services.registration.commands.factor_proofs import note_proof
from services.registration.commands.passkey_answers import ShowPasskey
from services.registration.commands.passkeys import offer_own_passkeys
from services.registration.commands.proving import check_own_password, refuse_other_password
from services.registration.commands.shown_factors import ShownFactor, make_wrong_factor_refusal, pass_shown_factor
from services.registration.commands.steps import has_second_factor
from services.registration.models import Account
from services.registration.pages.blueprint import pages
from services.registration.pages.browsers import find_own_browser, lock_own_browser
from services.registration.pages.cookies import check_local_path
from services.registration.pages.passkey_answers import ANSWER, take_shown_passkey
from services.registration.queries.factors import view_factors
from shared.errors import N_, Invalid
from shared.pasted_text import Code, TypedText
from shared.web import (
    Form,
    allow_repeats,
    current_actor,
    current_database,
    limit_body,
    limit_rate,
    reading,
    redirect_to,
    render_page,
    signed_in,
    unit_of_work,
)

CODE_MISSING = N_("Isi kode, atau tekan tombol kunci sandi.")


class ProveOwner(ShowPasskey):
    """The password, and a code or the browser's answer about a passkey where the account has a second factor."""

    password: TypedText = Field(min_length=1, max_length=200, repr=False)
    code: Code = Field("", max_length=40)


@pages.route("/account/second-factor/proof", methods=["GET", "POST"])
@allow_repeats
@signed_in
@limit_rate("10/minute")
@limit_body(ANSWER)
def show_factor_proof() -> Response:
    """Show password and second factor again; the next change of the second factor then passes in this browser."""
    form = Form(ProveOwner)
    if form.submitted():
        with form.refusing():
            _prove(form.value)
            return redirect_to(check_local_path(request.args.get("next")) or "pages.show_own_second_factor")
    with reading() as session:
        find_own_browser(session)
        factors = view_factors(session, current_actor().id)
    return render_page("registration/accounts/factor_proof.html", form=form, factors=factors)


@pages.post("/account/second-factor/proof/challenge")
@allow_repeats
@signed_in
@limit_rate("30/minute")
def submit_proof_challenge() -> Response:
    """What a browser is asked for to show a passkey of who is signed in."""
    with unit_of_work() as session:
        browser = lock_own_browser(session)
        options = offer_own_passkeys(session, browser.account, browser)
    return jsonify(options)


def ask_for_proof(endpoint: str, /, **values: Any) -> Response:
    """On to the proof, and from there back to `endpoint`."""
    return redirect_to("pages.show_factor_proof", next=url_for(endpoint, **values))


def _prove(given: ProveOwner) -> None:
    """The password is compared first, so that a slip there uses no code up. What is wrong is counted, then refused."""
    compared = check_own_password(current_database(), current_actor(), given.password)
    shown = take_shown_passkey(given, find_own_browser) if given.credential else given.code
    with unit_of_work() as session:
        browser = lock_own_browser(session)
        refuse_other_password(browser.account, compared)
        right = _is_right(session, browser.account, shown)
        if right:
            note_proof(browser)
    if not right:
        raise make_wrong_factor_refusal(shown)


def _is_right(session: Session, account: Account, shown: ShownFactor) -> bool:
    """Whether it shows the second factor; who has none has shown enough with the password."""
    if not has_second_factor(session, account.id):
        return True
    if not shown:
        raise Invalid("second-factor-needed", CODE_MISSING, fields={"code": CODE_MISSING})
    return pass_shown_factor(session, account, shown)
