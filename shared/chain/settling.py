"""Up to which position a ledger is settled: nobody can add a row below it any more.

Positions are drawn when a row is written and seen when its transaction ends: for a while there are gaps that may still
be filled. So the last positions are noted, then the transactions that hold a writer's lock on these tables (PostgreSQL
gives it before a position is drawn, and takes it back after the row can be seen): once those have ended, what was noted
is settled. SQLite has one writer, who sees everything.
"""

from collections.abc import Mapping

from sqlalchemy import bindparam, text
from sqlalchemy.orm import Session

from shared.chain.ledgers import LEDGERS, find_last_position
from shared.chain.models import ChainState, Settling

_WRITERS = text(
    "SELECT DISTINCT virtualtransaction FROM pg_locks JOIN pg_class ON pg_class.oid = pg_locks.relation"
    " WHERE locktype = 'relation' AND mode = 'RowExclusiveLock' AND pid <> pg_backend_pid()"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND relname IN :tables"
).bindparams(bindparam("tables", expanding=True))


def find_settled_positions(session: Session, state: ChainState) -> Mapping[str, int]:
    """The settled position of each ledger, as far as is known; what is at work now is noted, to be settled later."""
    if session.get_bind().dialect.name == "sqlite":
        return _last_positions(session)
    noted = state.settling
    if noted is None or not noted.writers:
        positions = _last_positions(session)  # before the writers: who drew one of these is among them, or has ended
        noted = state.settling = Settling(positions=positions, writers=_list_writers(session))
    elif not set(noted.writers) & set(_list_writers(session)):
        noted = state.settling = Settling(positions=noted.positions, writers=[])
    return {} if noted.writers else noted.positions


def _last_positions(session: Session) -> dict[str, int]:
    return {name: find_last_position(session, ledger) for name, ledger in LEDGERS.items()}


def _list_writers(session: Session) -> list[str]:
    """The transactions of others that have written to a ledger, or are about to."""
    tables = [ledger.model.__tablename__ for ledger in LEDGERS.values()]
    return sorted(session.scalars(_WRITERS, {"tables": tables}))
