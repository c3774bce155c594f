"""Accounts of one's own over JSON: registering, and a password set anew, both through a mailed link."""

from services.registration.api.blueprint import api
from services.registration.commands.passwords import (
    RequestReset,
    ResetPassword,
    prepare_reset,
    request_password_reset,
    reset_password,
)
from services.registration.commands.registering import (
    ConfirmRegistration,
    Register,
    confirm_registration,
    prepare_confirmation,
    request_registration,
)
from services.registration.queries.accounts import AccountView, describe_account
from shared.web import current_database, limit_rate, public, unit_of_work


@api.post("/register", responses={202: None})
@public
@limit_rate("120/minute")
def post_registration(body: Register) -> tuple[None, int]:
    """Have a link mailed that opens an applicant's account.

    The answer is the same whether or not the address has an account; its owner learns it from the mail.
    """
    with unit_of_work() as session:
        request_registration(session, body)
    return None, 202


@api.post("/register/confirmation", responses={201: AccountView})
@public
@limit_rate("120/minute")
def post_registration_confirmation(body: ConfirmRegistration) -> tuple[AccountView, int]:
    """Open the account with the key of the mailed link and a password; works once."""
    confirmed = prepare_confirmation(current_database(), body)
    with unit_of_work() as session:
        return describe_account(session, confirm_registration(session, body.key, confirmed)), 201


@api.post("/password-resets", responses={202: None})
@public
@limit_rate("20/minute")
def post_password_reset(body: RequestReset) -> tuple[None, int]:
    """Have a link mailed that sets a new password. The answer is the same whether or not there is such an account."""
    with unit_of_work() as session:
        request_password_reset(session, body)
    return None, 202


@api.post("/password-resets/use")
@public
@limit_rate("120/minute")
def post_password_reset_use(body: ResetPassword) -> None:
    """Set a new password with the key of a mailed link; works once."""
    new = prepare_reset(current_database(), body)
    with unit_of_work() as session:
        reset_password(session, body.key, new)
