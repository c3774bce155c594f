"""Public events are kept for good, and numbered once they are committed: for the feed and the webhooks."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.certificate.commands.counting import hold
from services.certificate.models import PublicEvent
from shared.contracts import Event
from shared.contracts.public import SERVICE
from shared.messaging.outbox import keeps

COUNTER = "public-events"
BATCH = 1000


@keeps(SERVICE)
def keep(session: Session, event: Event[Any], envelope: str) -> None:
    """In the transaction that tells it: what is not committed was never an event."""
    session.add(PublicEvent(id=event.id, type=event.type, time=event.time, sequence=event.sequence, envelope=envelope))


def number_waiting(session: Session) -> int:
    """Give the next positions to committed events that have none yet, `BATCH` at most; how many.

    The counter is locked first and the events are read after, so that the positions of two replicas never mix: whoever
    sees a position sees all lower ones.
    """
    waiting = select(PublicEvent).where(PublicEvent.position.is_(None))
    if session.scalar(waiting.with_only_columns(PublicEvent.id).limit(1)) is None:
        return 0
    counter = hold(session, COUNTER)
    found = session.scalars(waiting.order_by(PublicEvent.time, PublicEvent.sequence, PublicEvent.id).limit(BATCH)).all()
    for event in found:
        counter.value += 1
        event.position = counter.value
    return len(found)
