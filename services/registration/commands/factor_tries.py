"""How fast codes and passkeys of an account may be tried: wrong ones count together, whichever factor they were for."""

from sqlalchemy.orm import Session

from services.registration.commands.telling import AccountChange, tell_owner
from services.registration.domain.factors import FREE_TRIES, find_pause
from services.registration.models.accounts import Account
from services.registration.models.factors import FactorTries
from shared.audit import record_act
from shared.clock import real_now
from shared.errors import N_, TooMany
from shared.security.alarm import SecurityEvent, note_security


def refuse_during_pause(session: Session, account: Account) -> None:
    """Raise TooMany during the pause after wrong ones."""
    tries = _load_tries(session, account)
    pause = find_pause(tries.failures)
    if tries.failed_at is None or real_now() >= tries.failed_at + pause:
        return
    left = int((tries.failed_at + pause - real_now()).total_seconds()) + 1
    raise TooMany(
        "second-factor-paused",
        N_("Terlalu banyak percobaan yang salah. Tunggu {minutes} menit, lalu coba lagi."),
        minutes=-(-left // 60),
        details={"retry_after": left},
    )


def note_right_factor(session: Session, account: Account) -> None:
    """The second factor was shown: wrong ones count anew from here on."""
    _load_tries(session, account).failures = 0
    record_act(session, account.actor, "account:second-factor", account.subject)


def note_wrong_factor(session: Session, account: Account) -> None:
    """A wrong one after the right password: counted, for the alarm, and at the first pause told to the owner, too."""
    tries = _load_tries(session, account)
    tries.failures, tries.failed_at = tries.failures + 1, real_now()
    record_act(session, account.actor, "account:second-factor-failed", account.subject)
    note_security(SecurityEvent.SECOND_FACTOR_FAILED, account=str(account.id), service="registration")
    if tries.failures == FREE_TRIES:
        note_security(SecurityEvent.SECOND_FACTOR_PAUSED, account=str(account.id), service="registration")
        tell_owner(session, account, AccountChange.CODES_WRONG)


def _load_tries(session: Session, account: Account) -> FactorTries:
    """The account's count, locked. The caller has locked the account: nobody else makes its first row meanwhile."""
    found = session.get(FactorTries, account.id, with_for_update=True, populate_existing=True)
    if found is None:
        found = FactorTries(account_id=account.id, failures=0)
        session.add(found)
        session.flush()
    return found
