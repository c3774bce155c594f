"""The public events by position: what the feed shows and the webhooks send."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.certificate.agencies.models import PublicEvent


@dataclass(frozen=True, slots=True)
class Kept:
    """A numbered event. `envelope` is the JSON as published, `told` the same with its position."""

    id: UUID
    position: int
    type: str
    envelope: str

    @property
    def told(self) -> str:
        return json.dumps({**json.loads(self.envelope), "position": self.position}, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class FeedPage:
    """Some events in the order of their positions; `after` is where the next page begins.

    Somebody who asks beyond the last position (the register was restored from a backup) is led back to it.
    """

    events: list[Kept]
    after: int


def list_public_events(session: Session, after: int, limit: int, types: Collection[str] = ()) -> FeedPage:
    """Up to `limit` events after a position, all of them or only of `types`."""
    last = find_last_position(session)  # first: what is numbered meanwhile belongs to the next page
    found = (
        select(PublicEvent.id, PublicEvent.position, PublicEvent.type, PublicEvent.envelope)
        .where(PublicEvent.position > after, PublicEvent.position <= last)
        .order_by(PublicEvent.position)
        .limit(limit)
    )
    if types:
        found = found.where(PublicEvent.type.in_(types))
    events = [Kept(id, position or 0, type, envelope) for id, position, type, envelope in session.execute(found)]
    return FeedPage(events, events[-1].position if len(events) == limit else last)


def find_last_position(session: Session) -> int:
    """Return the position of the newest numbered event; 0 before the first."""
    return session.scalar(select(func.max(PublicEvent.position))) or 0


def find_position_before(session: Session, moment: datetime) -> int:
    """The position after which every event since `moment` comes; a few earlier ones may, too."""
    first = session.scalar(select(func.min(PublicEvent.position)).where(PublicEvent.time >= moment))
    return first - 1 if first is not None else find_last_position(session)
