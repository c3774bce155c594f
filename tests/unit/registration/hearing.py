"""Letting registration hear an event, as the inbox would."""

from datetime import timedelta
from uuid import uuid4

from sqlalchemy.orm import Session

from services.registration.reactions import reactions
from shared import clock
from shared.contracts import Event, Fact


def hear(session: Session, fact: Fact, sequence: int = 1, after: int = 0) -> None:
    """React as the inbox would; `after` is minutes from now."""
    about = f"{fact.service}/{uuid4()}"
    moment = clock.now() + timedelta(minutes=after)
    event = Event(uuid4(), fact.type, f"/{fact.service}", about, moment, sequence, "c", None, fact)
    reactions.preload(session, [event])
    reactions.react(session, event)
    session.flush()
