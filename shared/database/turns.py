"""Work that must be done one after the other, where there is no row yet to lock."""

from hashlib import sha256

from sqlalchemy import func, select
from sqlalchemy.orm import Session


def take_turns(session: Session, *keys: str) -> None:
    """Let one transaction at a time go on for each of `keys`, until it ends: what it counts then is counted whole.

    A transaction that also locks rows calls this first, and once with all its keys, so that no two wait for each
    other. Raises the driver's error for a lock that was waited for too long. SQLite has one writer anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(*(func.pg_advisory_xact_lock(number) for number in sorted(map(_number, keys)))))


def _number(key: str) -> int:
    return int.from_bytes(sha256(key.encode()).digest()[:8], signed=True)
