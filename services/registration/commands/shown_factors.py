"""The second factor as somebody shows it: a code of the app or the paper, or a passkey."""

from sqlalchemy.orm import Session

from services.registration.commands.factors import pass_second_factor
from services.registration.commands.passkey_answers import ShownPasskey
from services.registration.commands.passkeys import pass_passkey
from services.registration.commands.steps import make_wrong_code_refusal, make_wrong_passkey_refusal
from services.registration.models import Account
from shared.errors import Invalid

ShownFactor = ShownPasskey | str
"""A passkey, or the code that was typed."""


def pass_shown_factor(session: Session, account: Account, shown: ShownFactor) -> bool:
    """Whether it is the account's. A wrong one is counted, and must be committed, too.

    The caller has locked the account. Raises TooMany during the pause after wrong codes or passkeys.
    """
    if isinstance(shown, ShownPasskey):
        return pass_passkey(session, account, shown)
    return pass_second_factor(session, account, shown)


def make_wrong_factor_refusal(shown: ShownFactor) -> Invalid:
    """Return the refusal of a wrong one."""
    return make_wrong_passkey_refusal() if isinstance(shown, ShownPasskey) else make_wrong_code_refusal()
