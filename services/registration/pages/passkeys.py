"""Pages of one's own passkeys: made, renamed, removed."""

from uuid import UUID

from flask import jsonify
from werkzeug.wrappers import Response

from services.registration.commands.authority import lock_own_account
from services.registration.commands.factor_proofs import is_proved, require_proof, use_proof
from services.registration.commands.loading import load_account
from services.registration.commands.passkey_answers import MadePasskey, NewPasskey, RenamePasskey
from services.registration.commands.passkeys import (
    add_passkey,
    enrol_passkey,
    is_last_factor,
    load_passkey,
    offer_new_passkey,
    remove_passkey,
    rename_passkey,
)
from services.registration.commands.sessions import renew_browser_session
from services.registration.commands.steps import has_second_factor, needs_second_factor
from services.registration.commands.unfinished import note_factor_shown
from services.registration.models import BrowserSession
from services.registration.pages.blueprint import pages
from services.registration.pages.browsers import find_own_browser, lock_own_browser
from services.registration.pages.cookies import read_session_secret
from services.registration.pages.factor_pages import return_to_factors, show_recovery_codes
from services.registration.pages.factor_proof import ask_for_proof
from services.registration.pages.passkey_answers import ANSWER, take_made_passkey
from services.registration.queries.factors import describe_passkey, view_factors
from shared.errors import N_
from shared.web import (
    Form,
    allow_repeats,
    current_actor,
    leave_notice,
    leaving_refusals,
    limit_body,
    limit_rate,
    reading,
    redirect_to,
    render_page,
    signed_in,
    unit_of_work,
)
from shared.web.navigation import ACCOUNT


@pages.route("/account/passkeys/new", methods=["GET", "POST"])
@allow_repeats
@signed_in
@limit_rate("30/minute")
@limit_body(ANSWER)
def show_new_passkey() -> Response:
    """Make a passkey, after a proof: the first second factor of the account, or one more."""
    form, secret = Form(NewPasskey), read_session_secret()
    with reading() as session:
        proved = is_proved(find_own_browser(session))
        factors = view_factors(session, current_actor().id)
    if not proved:
        return ask_for_proof("pages.show_new_passkey")
    if form.submitted():
        with form.refusing():
            codes, browser = _add(take_made_passkey(form.value, find_own_browser))
            if codes:
                return show_recovery_codes(codes, ACCOUNT, browser, secret)
            leave_notice(N_("Kunci sandi sudah ditambahkan."))
            return return_to_factors(browser, secret)
    return render_page("registration/accounts/new_passkey.html", form=form, factors=factors)


@pages.post("/account/passkeys/challenge")
@allow_repeats
@signed_in
@limit_rate("30/minute")
def submit_passkey_challenge() -> Response:
    """What a browser is asked for to make a passkey of who is signed in, after a proof."""
    with unit_of_work() as session:
        browser = lock_own_browser(session)
        require_proof(browser)
        options = offer_new_passkey(session, browser.account, browser)
    return jsonify(options)


@pages.route("/account/passkeys/<uuid:passkey_id>", methods=["GET", "POST"])
@signed_in
@limit_rate("30/minute")
def show_passkey(passkey_id: UUID) -> Response:
    """See one of one's passkeys, and call it something else."""
    with reading() as session:
        passkey = describe_passkey(load_passkey(session, current_actor().id, passkey_id))
        proved = is_proved(find_own_browser(session))
        last = is_last_factor(session, current_actor().id, passkey_id)
        kept = last and needs_second_factor(load_account(session, current_actor().id))
    form = Form(RenamePasskey, values={"name": passkey.name})
    if form.submitted():
        with form.refusing():
            with unit_of_work() as session:
                rename_passkey(session, lock_own_account(session, current_actor()), passkey_id, form.value)
            leave_notice(N_("Nama kunci sandi sudah diubah."))
            return redirect_to("pages.show_own_second_factor")
    return render_page(
        "registration/accounts/passkey.html", form=form, passkey=passkey, proved=proved, last=last, kept=kept
    )


@pages.post("/account/passkeys/<uuid:passkey_id>/removal")
@signed_in
@limit_rate("30/minute")
def submit_passkey_removal(passkey_id: UUID) -> Response:
    """Remove one of one's passkeys at the button, after a proof."""
    with reading() as session:
        load_passkey(session, current_actor().id, passkey_id)
        proved = is_proved(find_own_browser(session))
    if not proved:
        return ask_for_proof("pages.show_passkey", passkey_id=passkey_id)
    browser = None
    with leaving_refusals():
        browser = _remove(passkey_id)
        leave_notice(N_("Kunci sandi sudah dihapus. Peramban lain yang masih masuk sudah dikeluarkan."))
    return return_to_factors(browser, read_session_secret())


def _add(made: MadePasskey) -> tuple[list[str], BrowserSession | None]:
    """Recovery codes where it is the first factor, and this browser's session under the account's new generation."""
    secret = read_session_secret()
    with unit_of_work() as session:
        browser = lock_own_browser(session)
        account = browser.account
        use_proof(session, browser)
        codes: list[str] = []
        if has_second_factor(session, account.id):
            add_passkey(session, account, made)
        else:
            codes = enrol_passkey(session, account, made)
            note_factor_shown(session, secret)
        return codes, renew_browser_session(session, secret)


def _remove(passkey_id: UUID) -> BrowserSession | None:
    secret = read_session_secret()
    with unit_of_work() as session:
        browser = lock_own_browser(session)
        use_proof(session, browser)
        remove_passkey(session, browser.account, passkey_id, keep=secret)
        return renew_browser_session(session, secret)
