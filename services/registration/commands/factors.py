"""The second factor of an account: enrolled by its owner, asked for at each sign-in, reset by a colleague.

Here are the app's codes; passkeys are in `passkeys.py`, the codes on paper in `recovery_codes.py`.
"""

from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from services.registration.commands.authority import require_account_keeper, supersede_tokens
from services.registration.commands.factor_proofs import end_proofs
from services.registration.commands.factor_tries import note_right_factor, note_wrong_factor, refuse_during_pause
from services.registration.commands.loading import load_account
from services.registration.commands.recovery_codes import renew_recovery_codes, use_recovery_code
from services.registration.commands.sessions import end_sign_ins
from services.registration.commands.steps import has_app, has_passkey, has_second_factor, make_wrong_code_refusal
from services.registration.commands.telling import tell_of_factor
from services.registration.domain.factors import (
    FactorChange,
    find_step,
    is_secret,
    make_app_address,
    make_secret,
    normalise_code,
)
from services.registration.encrypted_kinds import FACTOR
from services.registration.models.accounts import Account
from services.registration.models.factors import FactorTries, Passkey, RecoveryCode, SecondFactor
from shared.clock import real_now
from shared.errors import N_, Conflict, Forbidden
from shared.security.actor import Actor
from shared.security.encryption import blind_index
from shared.settings import settings


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What an app needs to make codes: the secret to type, and the address to scan."""

    secret: str = field(repr=False)
    address: str = field(repr=False)


def load_second_factor(session: Session, account: Account) -> SecondFactor:
    """The app of the account. Raises Conflict when it has none."""
    factor = session.get(SecondFactor, account.id)
    if factor is None:
        raise Conflict("second-factor-missing", N_("Akun ini tidak memakai aplikasi autentikator."))
    return factor


def begin_enrolment(session: Session, account: Account, secret: str) -> Enrolment:
    """Offer a secret for an app. Nothing is written: it counts once `confirm_enrolment` has seen a first code.

    Raises Conflict when the account has a second factor: who has the password alone puts no other in its place.
    """
    refuse_second_enrolment(session, account)
    return _offer(account, secret)


def derive_secret(session_secret: str) -> str:
    """The secret that this browser session offers to its app: the same at each look, and no other session's.

    So nobody who knew the password beforehand knows the secret that its owner then enrols.
    """
    return make_secret(bytes.fromhex(blind_index(FACTOR, session_secret, "second factor of a session")))


def confirm_enrolment(session: Session, account: Account, secret: str, code: str) -> list[str]:
    """Let the factor count from now on and return its recovery codes, which are shown this once.

    Tokens given out without it end. Raises Invalid for a wrong code or a secret that is none, and Conflict when the
    account has a factor.
    """
    refuse_second_enrolment(session, account)
    _add_app(session, account, secret, code)
    return begin_two_steps(session, account)


def refuse_second_enrolment(session: Session, account: Account) -> None:
    """Raise Conflict when the account has a second factor: the password alone adds none."""
    if has_second_factor(session, account.id):
        raise Conflict("second-factor-there", N_("Akun ini sudah memakai masuk dua langkah."))


def begin_two_steps(session: Session, account: Account) -> list[str]:
    """The account has its first factor now: tokens and proofs of before end, recovery codes are given out."""
    supersede_tokens(session, account)
    end_proofs(session, account.id)
    return renew_recovery_codes(session, account, FactorChange.ENROLLED)


def offer_app_beside(session: Session, account: Account, secret: str) -> Enrolment:
    """Offer a secret for an app beside the account's passkeys; it counts once `add_app_beside` has seen a first code.

    Raises Conflict when there is an app, or no passkey.
    """
    _refuse_other_than_beside(session, account)
    return _offer(account, secret)


def add_app_beside(session: Session, account: Account, secret: str, code: str) -> None:
    """Let an app's codes count beside the passkeys; recovery codes stay. The caller has used a proof up.

    Tokens given out before end. Raises Invalid for a wrong code, and as `offer_app_beside`.
    """
    _refuse_other_than_beside(session, account)
    _add_app(session, account, secret, code)
    supersede_tokens(session, account)
    tell_of_factor(session, account, account.actor, FactorChange.APP_ADDED)


def pass_second_factor(session: Session, account: Account, code: str) -> bool:
    """Whether `code` is right: of the app, or from the paper. Each is used once. A wrong one must be committed, too.

    The caller has locked the account. Raises TooMany during the pause after wrong codes or passkeys.
    """
    if not has_second_factor(session, account.id):
        return False
    refuse_during_pause(session, account)
    typed = normalise_code(code)
    if _use_app_code(session, account, typed) or use_recovery_code(session, account, typed):
        note_right_factor(session, account)
        return True
    note_wrong_factor(session, account)
    return False


def reset_second_factor(session: Session, actor: Actor, account_id: UUID) -> Account:
    """Take app, passkeys and codes of a colleague away who has lost phone and paper; every sign-in of the account ends.

    At the next one they enrol anew. Raises NotFound, Conflict when there is none, Forbidden for one's own (that would
    make it a first factor), and as `require_account_keeper`.
    """
    require_account_keeper(session, actor, account_id)
    account = load_account(session, account_id)
    if account.id == actor.id:
        raise Forbidden("own-second-factor", N_("Minta administrator lain untuk mengatur ulang langkah kedua Anda."))
    if not has_second_factor(session, account.id):
        raise Conflict("second-factor-missing", N_("Akun ini tidak memakai masuk dua langkah."))
    for table in (RecoveryCode, Passkey, SecondFactor, FactorTries):
        session.execute(delete(table).where(table.account_id == account.id))
    end_sign_ins(session, account)
    tell_of_factor(session, account, actor, FactorChange.RESET)
    return account


def _offer(account: Account, secret: str) -> Enrolment:
    return Enrolment(secret, make_app_address(secret, account.email, settings().lsp_name))


def _refuse_other_than_beside(session: Session, account: Account) -> None:
    if has_app(session, account.id):
        raise Conflict("second-factor-there", N_("Akun ini sudah memakai aplikasi autentikator."))
    if not has_passkey(session, account.id):
        raise Conflict("second-factor-missing", N_("Akun ini tidak memakai masuk dua langkah."))


def _add_app(session: Session, account: Account, secret: str, code: str) -> None:
    step = find_step(secret, normalise_code(code), real_now(), None) if is_secret(secret) else None
    if step is None:
        raise make_wrong_code_refusal()
    session.add(SecondFactor(account_id=account.id, secret=secret, last_step=step))


def _use_app_code(session: Session, account: Account, typed: str) -> bool:
    factor = session.get(SecondFactor, account.id, with_for_update=True, populate_existing=True)
    step = find_step(factor.secret, typed, real_now(), factor.last_step) if factor else None
    if factor is None or step is None:
        return False
    factor.last_step = step
    return True
