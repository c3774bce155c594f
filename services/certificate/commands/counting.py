"""The next serial of a counter: taken in the transaction that uses it, or not taken at all."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.certificate.models import Counter
from shared.database.upsert import insert_into

_HELD = "certificate.counters"
"""Key in `Session.info`: the counters this transaction holds, so that a batch locks each once."""


def take_serial(session: Session, name: str) -> int:
    """Take the next serial, from 1. Other transactions wait for the end of this one; a rollback gives it back."""
    counter = lock_counter(session, name)
    counter.value += 1
    return counter.value


def lock_counter(session: Session, name: str) -> Counter:
    """Return the counter, locked: other transactions wait for it until the end of this one."""
    held: dict[str, Counter] = session.info.setdefault(_HELD, {})
    if name not in held:
        held[name] = _locked(session, name)
    return held[name]


def _locked(session: Session, name: str) -> Counter:
    locking = select(Counter).where(Counter.name == name).with_for_update().execution_options(populate_existing=True)
    counter = session.scalars(locking).one_or_none()
    if counter is None:
        session.execute(insert_into(session, Counter.__table__).values(name=name, value=0).on_conflict_do_nothing())
        counter = session.scalars(locking).one()
    return counter
