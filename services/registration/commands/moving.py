"""The second factor moved to another phone by its owner: with the password, and a code of the old one or the paper."""

from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from services.registration.commands.factors import Enrolment, load_second_factor, pass_second_factor, renew_codes
from services.registration.commands.passwords import CHANGED, load_owner
from services.registration.commands.proving import prove_password
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
from shared.database.unit import Database
from shared.errors import N_, Conflict
from shared.security.actor import Actor
from shared.security.encryption import blind_index
from shared.settings import settings

NEW_WRONG = N_(
    "Kode dari telepon yang baru tidak cocok. Pindai kode QR di halaman ini, lalu isi kode yang ditampilkan."
)


class MoveFactor(BaseModel):
    """What shows that it is the owner who moves it, and a first code of the new phone."""

    password: str = Field(min_length=1, max_length=200, repr=False)
    old: str = Field(min_length=1, max_length=40, description="Code of the old phone, or a recovery code.", repr=False)
    code: str = Field(min_length=1, max_length=40, description="Code of the new phone.", repr=False)


def offer_move(session: Session, account: Account, session_secret: str) -> Enrolment:
    """What the app on the new phone needs. Nothing is written; the same at each look of this browser session.

    Raises Conflict when the account has no second factor.
    """
    secret = _derive(load_second_factor(session, account), session_secret)
    return Enrolment(secret, make_app_address(secret, account.email, settings().lsp_name))


def check_own_password(database: Database, actor: Actor, password: str) -> str | None:
    """Compare one's password, holding no connection meanwhile; what it was compared with. Raises as `prove_password`.

    Whoever then does something with it asks `refuse_other_password` under the account's lock.
    """
    with database.reading() as session:
        owner = load_owner(session, actor.id)
    prove_password(owner.account_id, owner.password_hash, password, field="password")
    return owner.password_hash


def refuse_other_password(account: Account, compared: str | None) -> None:
    """Raise Conflict when the account has another password by now than the one that was compared."""
    if account.password_hash != compared:
        raise Conflict("changed-meanwhile", CHANGED)


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
    return renew_codes(session, account, account.actor, FactorChange.MOVED)


def _derive(factor: SecondFactor, session_secret: str) -> str:
    """Another one than the session offered before: it may be the one in which the old phone was enrolled."""
    return make_secret(bytes.fromhex(blind_index(FACTOR, f"{session_secret}\0{factor.secret}", "second factor moved")))
