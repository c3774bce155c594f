"""Accounts over JSON: signing in, one's own account, and the administrator's."""

from datetime import datetime
from secrets import token_bytes

from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from services.registration.access import ACCOUNT_KEEPERS
from services.registration.api.blueprint import api
from services.registration.commands import accounts as commands
from services.registration.commands.accounts import (
    ChangeProfile,
    ChangeRoles,
    OpenStaffAccount,
    RenameAccount,
)
from services.registration.commands.factors import (
    begin_enrolment,
    confirm_enrolment,
    pass_second_factor,
    reset_second_factor,
)
from services.registration.commands.invitations import invite_again
from services.registration.commands.looking import list_noted_accounts, note_account, open_account
from services.registration.commands.passwords import (
    ChangePassword,
    change_password,
    prepare_change,
)
from services.registration.commands.sessions import (
    Credentials,
    make_sign_in_refusal,
    sign_in_account,
    sign_out_everywhere,
    try_password,
)
from services.registration.commands.staff_identities import GiveNik, give_nik
from services.registration.commands.steps import Step, find_missing_step, make_code_refusal, make_enrolment_refusal
from services.registration.commands.telling import tell_of_program
from services.registration.device_cookie import current_visitor, know_browser
from services.registration.domain.factors import make_secret
from services.registration.models import Account
from services.registration.queries import accounts as queries
from services.registration.queries.accounts import AccountQuery, AccountView
from shared.pasted_text import Code
from shared.security.tokens import issue_token
from shared.web import (
    ById,
    Page,
    allow,
    allow_repeats,
    current_actor,
    current_database,
    limit_rate,
    public,
    reading,
    signed_in,
    unit_of_work,
)


class TokenView(BaseModel):
    """Send it as `Authorization: Bearer <token>`; ask for a new one before `expires_at`."""

    token: str
    expires_at: datetime


class TokenRequest(Credentials):
    """What a program gives to sign in; `code` where the account has a second factor."""

    code: Code = Field(
        "",
        max_length=40,
        description="One-time or recovery code, of an account with a second factor. Passkeys are for browsers alone.",
    )


class EnrolmentView(BaseModel):
    """What an app needs to make codes, until a first one was confirmed."""

    secret: str
    address: str


class EnrolmentConfirmation(TokenRequest):
    """The password once more, the secret that was given out, and a first code made with it."""

    secret: Code = Field(max_length=64, description="As `enrolment` gave it.", repr=False)


class RecoveryCodesView(BaseModel):
    """Shown this once; each works once in place of a one-time code."""

    recovery_codes: list[str]


class SeenVersion(BaseModel):
    """The version of the account that was shown."""

    version: int | None = Field(None, ge=1, description="Version that was shown; refused when it is no longer that.")


@api.post("/tokens", responses={201: TokenView})
@allow_repeats
@public
@limit_rate("120/minute")
def post_token(body: TokenRequest) -> tuple[TokenView, int]:
    """Sign in: a short-lived token for the API.

    401 `second-factor-needed` asks for a `code`; 403 `second-factor-missing` says that this account must enrol first.
    Programs use codes: an account with passkeys alone gives a recovery code, or has an app added in a browser.
    The cookie that comes with it, sent with the next sign-in, keeps strangers' failed tries from making you wait.
    """
    tried = try_password(current_database(), body, current_visitor())
    with unit_of_work() as session:
        account = sign_in_account(session, tried)
        step = find_missing_step(session, account) if account else None
        passed = step is None or _shows_code(session, account, step, body.code)
        if account is not None and passed:
            tell_of_program(session, account, current_visitor())
    if account is None:
        raise make_sign_in_refusal()
    if not passed:
        raise make_code_refusal()
    know_browser(account.email)
    token = issue_token(account.actor, account.language, generation=account.generation)
    return TokenView(token=token.value, expires_at=token.expires_at), 201


@api.post("/second-factor/enrolment", responses={200: EnrolmentView})
@public
@limit_rate("20/minute")
def post_enrolment(body: Credentials) -> EnrolmentView:
    """Begin to enrol a second factor, with the password: a secret for an app."""
    tried = try_password(current_database(), body, current_visitor())
    with unit_of_work() as session:
        account = sign_in_account(session, tried)
        begun = begin_enrolment(session, account, make_secret(token_bytes(32))) if account else None
    if begun is None:
        raise make_sign_in_refusal()
    return EnrolmentView(secret=begun.secret, address=begun.address)


@api.post("/second-factor/confirmation", responses={200: RecoveryCodesView})
@allow_repeats
@public
@limit_rate("20/minute")
def post_enrolment_confirmation(body: EnrolmentConfirmation) -> RecoveryCodesView:
    """Let the second factor count, with the password and a first code: recovery codes to keep."""
    tried = try_password(current_database(), body, current_visitor())
    with unit_of_work() as session:
        account = sign_in_account(session, tried)
        codes = confirm_enrolment(session, account, body.secret, body.code) if account else None
    if codes is None:
        raise make_sign_in_refusal()
    return RecoveryCodesView(recovery_codes=codes)


@api.get("/me", responses={200: AccountView})
@signed_in
def get_own_account() -> AccountView:
    """One's own account."""
    with reading() as session:
        return queries.view_account(session, current_actor().id)


@api.put("/me", responses={200: AccountView})
@signed_in
def put_own_account(body: ChangeProfile) -> AccountView:
    """Change one's own name and language; they stand in tokens issued from then on."""
    with unit_of_work() as session:
        return queries.describe_account(session, commands.change_profile(session, current_actor(), body))


@api.post("/me/password")
@signed_in
@limit_rate("20/minute")
def post_own_password(body: ChangePassword) -> None:
    """Change one's own password; every browser session and every token ends."""
    new = prepare_change(current_database(), current_actor(), body)
    with unit_of_work() as session:
        change_password(session, current_actor(), new)


@api.post("/me/sign-out")
@signed_in
def post_own_sign_out() -> None:
    """Sign out everywhere: every browser session and every token of one's account ends, this one too."""
    with unit_of_work() as session:
        sign_out_everywhere(session, current_actor())


@api.get("/accounts", responses={200: Page[AccountView]})
@allow(ACCOUNT_KEEPERS)
def get_accounts(query: AccountQuery) -> Page[AccountView]:
    """Accounts by name, address, state (`status`) and role."""
    with unit_of_work() as session:
        return list_noted_accounts(session, current_actor(), query)


@api.post("/accounts", responses={201: AccountView})
@allow(ACCOUNT_KEEPERS)
def post_account(body: OpenStaffAccount) -> tuple[AccountView, int]:
    """Open an account with roles; its owner is mailed a link to set the password, which lives three days."""
    with unit_of_work() as session:
        return note_account(session, current_actor(), commands.open_staff_account(session, current_actor(), body)), 201


@api.post("/accounts/<uuid:id>/invitation", responses={200: AccountView})
@allow(ACCOUNT_KEEPERS)
def post_invitation(path: ById) -> AccountView:
    """Mail the link to set the first password once more; earlier ones end. 409 for an account that has a password."""
    with unit_of_work() as session:
        return note_account(session, current_actor(), invite_again(session, current_actor(), path.id))


@api.get("/accounts/<uuid:id>", responses={200: AccountView})
@allow(ACCOUNT_KEEPERS)
def get_account(path: ById) -> AccountView:
    """One account, with its roles and state."""
    with unit_of_work() as session:
        return open_account(session, current_actor(), path.id)


@api.put("/accounts/<uuid:id>/roles", responses={200: AccountView})
@allow(ACCOUNT_KEEPERS)
def put_account_roles(path: ById, body: ChangeRoles) -> AccountView:
    """Give exactly these roles. The last active administrator keeps that role."""
    with unit_of_work() as session:
        return note_account(session, current_actor(), commands.change_roles(session, current_actor(), path.id, body))


@api.put("/accounts/<uuid:id>/name", responses={200: AccountView})
@allow(ACCOUNT_KEEPERS)
def put_account_name(path: ById, body: RenameAccount) -> AccountView:
    """Give an account another name: staff cannot do so themselves, and no administrator for the own account."""
    with unit_of_work() as session:
        return note_account(session, current_actor(), commands.rename_account(session, current_actor(), path.id, body))


@api.put("/accounts/<uuid:id>/nik", responses={200: AccountView})
@allow(ACCOUNT_KEEPERS)
def put_account_nik(path: ById, body: GiveNik) -> AccountView:
    """Note whose account it is: one person has one account as staff. The number is shown to nobody."""
    with unit_of_work() as session:
        give_nik(session, current_actor(), path.id, body)
        return open_account(session, current_actor(), path.id)


@api.post("/accounts/<uuid:id>/deactivation", responses={200: AccountView})
@allow(ACCOUNT_KEEPERS)
def post_account_deactivation(path: ById, body: SeenVersion) -> AccountView:
    """Close an account: nobody signs in with it until it is reactivated."""
    with unit_of_work() as session:
        return note_account(
            session, current_actor(), commands.deactivate_account(session, current_actor(), path.id, body.version)
        )


@api.post("/accounts/<uuid:id>/second-factor/reset", responses={200: AccountView})
@allow(ACCOUNT_KEEPERS)
def post_second_factor_reset(path: ById) -> AccountView:
    """Take a colleague's second factor away; they enrol anew at the next sign-in and are told by mail."""
    with unit_of_work() as session:
        return note_account(session, current_actor(), reset_second_factor(session, current_actor(), path.id))


@api.post("/accounts/<uuid:id>/reactivation", responses={200: AccountView})
@allow(ACCOUNT_KEEPERS)
def post_account_reactivation(path: ById, body: SeenVersion) -> AccountView:
    """Open a deactivated account again."""
    with unit_of_work() as session:
        return note_account(
            session, current_actor(), commands.reactivate_account(session, current_actor(), path.id, body.version)
        )


def _shows_code(session: Session, account: Account | None, step: Step, code: str) -> bool:
    """Whether the code is right. Raises Forbidden for who must enrol first, and TooMany during a pause."""
    if step is Step.ENROL:
        raise make_enrolment_refusal()
    return account is not None and bool(code) and pass_second_factor(session, account, code)
