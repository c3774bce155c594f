"""The second factor moved to another phone by its owner: with the password, and a code of the old one or the paper."""

from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from services.registration.commands.factors import Enrolment, load_second_factor, pass_second_factor
from services.registration.commands.recovery_codes import renew_recovery_codes
from services.registration.commands.sessions import end_sign_ins
from services.registration.commands.steps import make_wrong_code_refusal
from services.registration.domain.factors import (
    FactorChange,
    find_step,
    make_app_address,
    make_secret,
    normalise_code,
)
from services.registration.encrypted_kinds import FACTOR
from services.registration.models.accounts import Account
from services.registration.models.factors import SecondFactor
from shared.clock import real_now
from shared.errors import N_
from shared.pasted_text import Code, TypedText
from shared.security.encryption import blind_index
from shared.settings import settings

NEW_WRONG = N_(
    "Kode dari telepon yang baru tidak cocok. Pindai kode QR di halaman ini, lalu isi kode yang ditampilkan."
)


class MoveFactor(BaseModel):
    """What shows that it is the owner who moves it, and a first code of the new phone."""

    password: TypedText = Field(min_length=1, max_length=200, repr=False)
    old: Code = Field(min_length=1, max_length=40, description="Code of the old phone, or a recovery code.", repr=False)
    code: Code = Field(min_length=1, max_length=40, description="Code of the new phone.", repr=False)


def offer_move(session: Session, account: Account, session_secret: str) -> Enrolment:
    """What the app on the new phone needs. Nothing is written: each look of this browser session is offered the same.

    Raises Conflict when the account has no second factor.
    """
    secret = _derive(load_second_factor(session, account), session_secret)
    return Enrolment(secret, make_app_address(secret, account.email, settings().lsp_name))


def move_second_factor(session: Session, account: Account, given: MoveFactor, session_secret: str) -> list[str] | None:
    """Let the new phone's codes count in the place of the old one's; return new recovery codes, shown this once.

    The caller has compared the password. Every other sign-in of the account ends. None for a wrong old code, which must
    be committed; a wrong new one uses no old one up. Raises Invalid, TooMany during a pause, and as `offer_move`.
    """
    factor = load_second_factor(session, account)
    secret = _derive(factor, session_secret)
    step = find_step(secret, normalise_code(given.code), real_now(), None)
    if step is None:
        raise make_wrong_code_refusal(message=NEW_WRONG)
    if not pass_second_factor(session, account, given.old):
        return None
    factor.secret, factor.last_step, factor.enrolled_at = secret, step, real_now()
    end_sign_ins(session, account, but=session_secret)
    return renew_recovery_codes(session, account, FactorChange.MOVED)


def _derive(factor: SecondFactor, session_secret: str) -> str:
    """Another one than the session offered before: it may be the one in which the old phone was enrolled."""
    return make_secret(bytes.fromhex(blind_index(FACTOR, f"{session_secret}\0{factor.secret}", "second factor moved")))
