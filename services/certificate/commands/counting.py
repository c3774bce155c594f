"""The next serial of a counter: taken in the transaction that uses it, or not taken at all."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from services.certificate.models import Counter

_HELD = "certificate.counters"
"""Key in `Session.info`: the counters this transaction holds, so that a batch locks each once."""


def next_serial(session: Session, name: str) -> int:
    """Take the next serial, from 1. Other transactions wait for the end of this one; a rollback gives it back."""
    held: dict[str, Counter] = session.info.setdefault(_HELD, {})
    if name not in held:
        held[name] = _locked(session, name)
    held[name].value += 1
    return held[name].value


def _locked(session: Session, name: str) -> Counter:
    locking = select(Counter).where(Counter.name == name).with_for_update().execution_options(populate_existing=True)
    counter = session.scalars(locking).one_or_none()
    if counter is None:
        insert: Callable[..., Any] = (
            postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
        )
        session.execute(insert(Counter.__table__).values(name=name, value=0).on_conflict_do_nothing())
        counter = session.scalars(locking).one()
    return counter
