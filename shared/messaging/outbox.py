"""Telling: an event goes into the outbox in the same transaction as the change it tells of."""

from typing import Protocol
from uuid import uuid4

from sqlalchemy.orm import Session

from shared import clock
from shared.contracts import Envelope, Event, Fact
from shared.database.unit import TOLD
from shared.messaging.context import causation, correlation_id
from shared.messaging.models import OutboxRow


class Told(Protocol):
    """What facts are about: an aggregate, that counts what was told of it."""

    sequence: int

    @property
    def subject(self) -> str: ...


def announce(session: Session, about: Told, fact: Fact) -> None:
    """Tell `fact` about an aggregate: published after the commit, never when there is none (architecture 2)."""
    about.sequence = (about.sequence or 0) + 1
    event = Event(
        id=uuid4(),
        type=fact.type,
        source=f"/{fact.service}",
        subject=about.subject,
        time=clock.now(),
        sequence=about.sequence,
        correlation_id=correlation_id(),
        causation_id=causation.get(),
        fact=fact,
    )
    session.add(
        OutboxRow(
            id=event.id,
            type=event.type,
            subject=event.subject,
            sequence=event.sequence,
            envelope=Envelope.around(event).model_dump_json(exclude_none=True),
        )
    )
    session.info[TOLD] = True
