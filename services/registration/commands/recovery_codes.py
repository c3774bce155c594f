"""Recovery codes: the paper that opens an account whose phone or passkey is lost. Each works once."""

from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from services.registration.commands.telling import tell_of_factor
from services.registration.domain.factors import FactorChange, make_recovery_codes, normalise_code
from services.registration.encrypted_kinds import RECOVERY
from services.registration.models.accounts import Account
from services.registration.models.factors import RecoveryCode
from shared.clock import real_now
from shared.security.encryption import blind_index, list_blind_indexes


def renew_recovery_codes(
    session: Session, account: Account, change: FactorChange = FactorChange.CODES_RENEWED
) -> list[str]:
    """Give out new recovery codes, shown this once, in the place of all others; the owner is told of `change`.

    The caller has seen a proof or a code of who asks.
    """
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    codes = make_recovery_codes()
    for code in codes:
        session.add(RecoveryCode(account_id=account.id, code_hash=_hash_code(account.id, normalise_code(code))))
    tell_of_factor(session, account, account.actor, change)
    return codes


def use_recovery_code(session: Session, account: Account, typed: str) -> bool:
    """Use up the recovery code that was typed, as `normalise_code` gives it, and tell the owner; False for a wrong one.

    The caller has locked the account: two do not use the same one.
    """
    found = session.scalar(select(RecoveryCode).where(RecoveryCode.code_hash.in_(_list_hashes(account.id, typed))))
    if found is None or found.used_at is not None:
        return False
    found.used_at = real_now()
    tell_of_factor(session, account, account.actor, FactorChange.RECOVERY_USED)
    return True


def count_recovery_codes(session: Session, account_id: UUID) -> int:
    """How many codes on the person's paper are unused."""
    unused = (RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None))
    return session.scalar(select(func.count()).select_from(RecoveryCode).where(*unused)) or 0


def _hash_code(account_id: UUID, code: str) -> str:
    return blind_index(RECOVERY, code, f"recovery code of {account_id}")


def _list_hashes(account_id: UUID, code: str) -> tuple[str, ...]:
    return list_blind_indexes(RECOVERY, code, f"recovery code of {account_id}")
