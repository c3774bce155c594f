"""Public events are kept for good, and numbered once they are committed: for the feed and the webhooks."""

from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from services.certificate.agencies.models import PublicEvent
from services.certificate.commands.counting import lock_counter
from shared.contracts import Event
from shared.contracts.public import SERVICE
from shared.database.changes import change_rows
from shared.messaging.outbox import keep_told_events

COUNTER = "public-events"
BATCH = 1000


@keep_told_events(SERVICE)
def keep_public_event(session: Session, event: Event[Any], envelope: str) -> None:
    """Keep a public event in the transaction of its change: what is not committed was never an event."""
    session.add(PublicEvent(id=event.id, type=event.type, time=event.time, sequence=event.sequence, envelope=envelope))


def number_public_events(session: Session) -> int:
    """Give the next positions to committed events that have none yet, `BATCH` at most; how many.

    The counter is locked first and the events are read after, so that the positions of two replicas never mix: whoever
    sees a position sees all lower ones.
    """
    unnumbered = PublicEvent.position.is_(None)
    if session.scalar(select(PublicEvent.id).where(unnumbered).limit(1)) is None:
        return 0
    counter = lock_counter(session, COUNTER)
    order = (PublicEvent.time, PublicEvent.sequence, PublicEvent.id)
    place = func.row_number().over(order_by=order).label("place")
    waiting = select(PublicEvent.id, place).where(unnumbered).order_by(*order).limit(BATCH).subquery()
    numbering = (
        update(PublicEvent).where(PublicEvent.id == waiting.c.id).values(position=counter.value + waiting.c.place)
    )
    numbered = change_rows(session, numbering)
    counter.value += numbered
    return numbered
