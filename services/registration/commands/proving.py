"""Who is signed in shows the password again, before acts that a stolen token must not do: another password or factor.

The tries are the account's own: nobody without its token can use them up, and who has the token guesses no more often
than a known browser does at sign-in. That the browser's own session lives is asked for beside it.
"""

from uuid import UUID

from sqlalchemy.orm import Session

from services.registration.commands.authority import lock_own_account
from services.registration.commands.sessions import find_browser_session
from services.registration.commands.tries import write_growing_rate
from services.registration.models import BrowserSession
from shared.clock import real_now
from shared.errors import N_, Invalid, TooMany, demand_sign_in
from shared.security.actor import Actor
from shared.security.alarm import SecurityEvent, note_security
from shared.security.allowances import Allowance, Spent, find_allowances
from shared.security.passwords import password_fits
from shared.settings import settings

WRONG = N_("Kata sandi tidak cocok.")
PAUSED = N_("Terlalu banyak kata sandi yang tidak cocok. Tunggu {minutes} menit, lalu coba lagi.")


def prove_password(account_id: UUID, password_hash: str | None, typed: str, field: str = "current") -> None:
    """Compare the password of one's own account, outside of any transaction; it takes some 20 ms of a processor.

    Raises Invalid on `field` for a wrong one, TooMany after too many, and TooManyHashes.
    """
    allowance = _take_try(account_id)
    try:
        fits = password_fits(password_hash, typed)
    except Exception:  # what could not be compared was no try
        find_allowances().give_back(allowance)
        raise
    if not fits:
        note_security(SecurityEvent.PASSWORD_WRONG, account=str(account_id), service="registration")
        raise Invalid("password-wrong", WRONG, fields={field: WRONG})
    find_allowances().forget(allowance)


def load_own_session(session: Session, actor: Actor, secret: str) -> BrowserSession:
    """The living browser session of this secret, if it is the actor's. Raises NotSignedIn for any other secret."""
    found = find_browser_session(session, secret)
    living = found is not None and found.ended_at is None and found.expires_at > real_now()
    if found is None or not living or found.account_id != actor.id:
        raise demand_sign_in()
    return found


def lock_own_session(session: Session, actor: Actor, secret: str) -> BrowserSession:
    """Find the session of who changes something, the account locked: what ends the session waits, or is seen here.

    The account comes first, as everywhere: whoever locks a session's row before it waits in a ring with what ends all
    of them. Raises as `load_own_session` and `lock_own_account`.
    """
    lock_own_account(session, actor)
    return load_own_session(session, actor, secret)


def _take_try(account_id: UUID) -> Allowance:
    allowance = Allowance("own password shown", write_growing_rate(settings().login_tries), (str(account_id),))
    try:
        find_allowances().take(allowance)
    except Spent as spent:
        note_security(SecurityEvent.PASSWORD_PAUSED, account=str(account_id), service="registration")
        details = {"retry_after": spent.retry_after}
        raise TooMany("password-paused", PAUSED, minutes=spent.minutes, details=details) from spent
    return allowance
