"""Who is signed in shows the password again, before acts that a stolen token must not do: another password or factor.

The tries are the account's own: nobody without its token can use them up, and who has the token guesses no more often
than a known browser does at sign-in. That the browser's own session lives is asked for beside it.
"""

from uuid import UUID

from sqlalchemy.orm import Session

from services.registration.commands.authority import lock_own_account
from services.registration.commands.loading import load_account
from services.registration.commands.sessions import find_browser_session
from services.registration.commands.tries import write_growing_rate
from services.registration.models import Account, BrowserSession
from shared.clock import real_now
from shared.database.unit import Database
from shared.errors import N_, Conflict, Invalid, TooMany, demand_sign_in
from shared.security.actor import Actor
from shared.security.alarm import SecurityEvent, note_security
from shared.security.allowances import Allowance, Spent, find_allowances
from shared.security.passwords import password_fits
from shared.settings import settings

WRONG = N_("Kata sandi tidak cocok.")
CHANGED = N_("Kata sandi akun ini baru saja diganti. Masuk lagi, lalu ulangi.")
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


def check_own_password(database: Database, actor: Actor, typed: str) -> str | None:
    """Compare one's own password, holding no connection meanwhile, and return the hash it was compared with.

    Whoever then does something with it calls `refuse_other_password` under the account's lock. Raises NotFound, and as
    `prove_password` on the field `password`.
    """
    with database.reading() as session:
        compared = load_account(session, actor.id).password_hash
    prove_password(actor.id, compared, typed, field="password")
    return compared


def refuse_other_password(account: Account, compared: str | None) -> None:
    """Raise Conflict when the account has another password by now than the one with the hash that was compared."""
    if account.password_hash != compared:
        raise Conflict("changed-meanwhile", CHANGED)


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
