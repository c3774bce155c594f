"""The authority of accounts: when it ends, and that who changes accounts has it at that moment.

A token is a statement of some minutes ago. Acts on accounts therefore ask the account of who acts, under a lock and in
the transaction of the act: two administrators who deactivate each other at once do not both succeed.
"""

from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from services.registration.access import ACCOUNT_KEEPERS
from services.registration.models.accounts import Account, AccountRole
from shared.contracts.registration import TokensSuperseded
from shared.database.turns import take_turns
from shared.errors import N_, Forbidden, NotSignedIn
from shared.messaging.outbox import announce
from shared.security.actor import SYSTEM, Actor
from shared.security.generations import keep_generation
from shared.security.roles import Role

ENDED = N_("Tanda masuk ini sudah tidak berlaku. Silakan masuk kembali.")
TURNS = "acts on accounts"
NOT_KEEPER = N_("Akun Anda tidak lagi berwenang mengelola akun.")


def supersede_tokens(session: Session, account: Account) -> None:
    """Let no access token count that the account was given so far: here at once, in other services within seconds.

    Browser sessions are not ended by this: who still has one is given a new token for it.
    """
    account.generation += 1
    keep_generation(session, account.id, account.generation)
    announce(session, account, TokensSuperseded(account_id=account.id, generation=account.generation))


def require_account_keeper(session: Session, actor: Actor, *account_ids: UUID) -> None:
    """Lock the accounts named, the actor's and all administrators', and refuse who is no active administrator now.

    One act on accounts at a time, also where there is no administrator yet whose row could be locked; and the rows in
    the order of their ids, so that nobody waits in a ring with who signs in. Call it before any of them is loaded. The
    system itself passes. Raises NotSignedIn for an account that is deactivated or not there, and
    Forbidden for one that is no administrator any more.
    """
    take_turns(session, TURNS)
    administrators = select(AccountRole.account_id).where(AccountRole.role == Role.ADMINISTRATOR)
    wanted = select(Account).where(or_(Account.id.in_([actor.id, *account_ids]), Account.id.in_(administrators)))
    locked = wanted.order_by(Account.id).with_for_update(key_share=True, of=Account)
    found = {account.id: account for account in session.scalars(locked.execution_options(populate_existing=True))}
    if actor == SYSTEM:
        return
    keeper = found.get(actor.id)
    if keeper is None or not keeper.active:
        raise NotSignedIn("token-superseded", ENDED)
    if keeper.roles.isdisjoint(ACCOUNT_KEEPERS):
        raise Forbidden("not-allowed", NOT_KEEPER)


def lock_own_account(session: Session, actor: Actor) -> Account:
    """Load and lock the account of who acts on it themselves. Raises NotSignedIn when it is deactivated or not there.

    Call it before the account is loaded, as it reads the row anew.
    """
    account = session.get(Account, actor.id, with_for_update={"key_share": True}, populate_existing=True)
    if account is None or not account.active:
        raise NotSignedIn("token-superseded", ENDED)
    return account
