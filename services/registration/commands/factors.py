"""The second factor of an account: enrolled by its owner, asked for at each sign-in, reset by a colleague."""

from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from services.registration.commands.authority import require_account_keeper, supersede_tokens
from services.registration.commands.loading import load_account
from services.registration.commands.sessions import end_sign_ins
from services.registration.commands.steps import CODE_WRONG
from services.registration.domain.factors import (
    FactorChange,
    find_pause,
    find_step,
    is_secret,
    make_app_address,
    make_recovery_codes,
    make_secret,
    normalise_code,
)
from services.registration.models.accounts import Account
from services.registration.models.factors import RecoveryCode, SecondFactor
from shared.audit import record_act
from shared.clock import real_now
from shared.contracts.registration import SecondFactorChanged
from shared.errors import N_, Conflict, Forbidden, Invalid, TooMany
from shared.messaging.outbox import announce
from shared.security.actor import Actor
from shared.security.encryption import blind_index
from shared.settings import settings


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What an app needs to make codes: the secret to type, and the address to scan."""

    secret: str = field(repr=False)
    address: str = field(repr=False)


def has_second_factor(session: Session, account_id: UUID) -> bool:
    """Whether the account's sign-ins want a code."""
    return session.get(SecondFactor, account_id) is not None


def begin_enrolment(session: Session, account: Account, secret: str) -> Enrolment:
    """Offer a secret for an app. Nothing is written: it counts once `confirm_enrolment` has seen a first code.

    Raises Conflict when the account has a second factor: who has the password alone puts no other in its place.
    """
    _refuse_second_one(session, account)
    return Enrolment(secret, make_app_address(secret, account.email, settings().lsp_name))


def derive_secret(session_secret: str) -> str:
    """The secret that this browser session offers to its app: the same at each look, and no other session's.

    So nobody who knew the password beforehand knows the secret that its owner then enrols.
    """
    return make_secret(bytes.fromhex(blind_index(session_secret, "second factor of a session")))


def confirm_enrolment(session: Session, account: Account, secret: str, code: str) -> list[str]:
    """Let the factor count from now on and return its recovery codes, which are shown this once.

    Tokens given out without it end. Raises Invalid for a wrong code or a secret that is none, and Conflict when the
    account has a factor.
    """
    _refuse_second_one(session, account)
    step = find_step(secret, normalise_code(code), real_now(), None) if is_secret(secret) else None
    if step is None:
        raise Invalid("second-factor-wrong", CODE_WRONG, fields={"code": CODE_WRONG})
    session.add(SecondFactor(account_id=account.id, secret=secret, last_step=step))
    supersede_tokens(session, account)
    return _renew_codes(session, account, account.actor, FactorChange.ENROLLED)


def pass_second_factor(session: Session, account: Account, code: str) -> bool:
    """Whether `code` is right: of the app, or from the paper. Each is used once. A wrong one must be committed, too.

    Raises TooMany during the pause after wrong ones.
    """
    factor = session.get(SecondFactor, account.id, with_for_update=True, populate_existing=True)
    if factor is None:
        return False
    _refuse_during_pause(factor)
    typed, now = normalise_code(code), real_now()
    step = find_step(factor.secret, typed, now, factor.last_step)
    if step is not None:
        factor.last_step = step
    elif not _use_recovery_code(session, account, typed):
        factor.failures, factor.failed_at = factor.failures + 1, now
        record_act(session, account.actor, "account:second-factor-failed", account.subject)
        return False
    factor.failures = 0
    record_act(session, account.actor, "account:second-factor", account.subject)
    return True


def renew_recovery_codes(session: Session, account: Account) -> list[str]:
    """Give out new recovery codes; the old ones count no longer. Asked for by who has just shown a code."""
    return _renew_codes(session, account, account.actor, FactorChange.CODES_RENEWED)


def reset_second_factor(session: Session, actor: Actor, account_id: UUID) -> Account:
    """Take the second factor of a colleague away who has lost phone and paper; every sign-in of the account ends.

    At the next one they enrol anew. Raises NotFound, Conflict when there is none, Forbidden for one's own (that would
    make it a first factor), and as `require_account_keeper`.
    """
    require_account_keeper(session, actor, account_id)
    account = load_account(session, account_id)
    if account.id == actor.id:
        raise Forbidden("own-second-factor", N_("Minta administrator lain untuk mengatur ulang langkah kedua Anda."))
    if session.get(SecondFactor, account.id) is None:
        raise Conflict("second-factor-missing", N_("Akun ini tidak memakai masuk dua langkah."))
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    session.execute(delete(SecondFactor).where(SecondFactor.account_id == account.id))
    end_sign_ins(session, account)
    _tell(session, account, actor, FactorChange.RESET)
    return account


def count_recovery_codes(session: Session, account_id: UUID) -> int:
    """How many codes on the person's paper are unused."""
    unused = (RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None))
    return session.scalar(select(func.count()).select_from(RecoveryCode).where(*unused)) or 0


def _refuse_second_one(session: Session, account: Account) -> None:
    if has_second_factor(session, account.id):
        raise Conflict("second-factor-there", N_("Akun ini sudah memakai masuk dua langkah."))


def _refuse_during_pause(factor: SecondFactor) -> None:
    pause = find_pause(factor.failures)
    if factor.failed_at is None or real_now() >= factor.failed_at + pause:
        return
    left = int((factor.failed_at + pause - real_now()).total_seconds()) + 1
    raise TooMany(
        "second-factor-paused",
        N_("Terlalu banyak kode yang salah. Tunggu {minutes} menit, lalu coba lagi."),
        minutes=-(-left // 60),
        details={"retry_after": left},
    )


def _use_recovery_code(session: Session, account: Account, typed: str) -> bool:
    found = session.scalar(select(RecoveryCode).where(RecoveryCode.code_hash == _hash_code(account.id, typed)))
    if found is None or found.used_at is not None:
        return False
    found.used_at = real_now()
    _tell(session, account, account.actor, FactorChange.RECOVERY_USED)
    return True


def _renew_codes(session: Session, account: Account, actor: Actor, change: FactorChange) -> list[str]:
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    codes = make_recovery_codes()
    for code in codes:
        session.add(RecoveryCode(account_id=account.id, code_hash=_hash_code(account.id, normalise_code(code))))
    _tell(session, account, actor, change)
    return codes


def _hash_code(account_id: UUID, code: str) -> str:
    return blind_index(code, f"recovery code of {account_id}")


def _tell(session: Session, account: Account, actor: Actor, change: FactorChange) -> None:
    """Note it, and let its owner know by mail."""
    record_act(session, actor, "account:change-second-factor", account.subject, None, {"change": change.value})
    announce(session, account, SecondFactorChanged(account_id=account.id, change=change.value, at=real_now()))
    session.flush()
