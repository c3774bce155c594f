"""Taking in what arrived: each event has its effect once, however often it comes, and the culprit alone fails.

A batch is run optimistically: one insert tells the new from the seen, all reactions share one unit of work, one commit.
If anything raises, it is rolled back and run again one by one, each in a transaction of its own.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid5

from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from shared.clock import real_now
from shared.contracts import Envelope, Event
from shared.database.unit import Database, DatabaseAway, is_away
from shared.database.upsert import insert_into
from shared.messaging.context import following
from shared.messaging.models import InboxRow, InboxState
from shared.messaging.reactions import NotYet, Reactions
from shared.settings import settings

log = logging.getLogger(__name__)
_UNREADABLE = UUID("9d1c8a52-3c0b-4c83-9a3e-6f2f1d5a7b10")


@dataclass(frozen=True, slots=True)
class Misfit:
    """A message that is no event, or does not fit its contract."""

    id: UUID
    type: str
    subject: str
    envelope: str
    error: str


def take(database: Database, reactions: Reactions, bodies: Sequence[bytes | str]) -> int:
    """Take in one batch. Returns how many events were new and had their effect at once.

    What failed waits in the inbox for its next try; what fits no contract is dead there with the reason.
    Raises DatabaseAway, and only that.
    """
    events, misfits = _sort(reactions, bodies)
    if misfits:
        with database.unit_of_work() as session:
            for misfit in misfits:
                _bury(session, reactions.service, misfit)
    if not events:
        return 0
    try:
        return _take_together(database, reactions, events)
    except DatabaseAway:
        raise
    except Exception as error:
        log.info("a batch of %d is run one by one: %s", len(events), type(error).__name__)
    return sum(_take_alone(database, reactions, event, envelope) for event, envelope in events)


def retry_due(database: Database, reactions: Reactions, limit: int = 100) -> int:
    """Try again what is due. Returns how many were tried. Raises DatabaseAway."""
    for tried in range(limit):
        if not _retry_one(database, reactions):
            return tried
    return limit


def replay(session: Session, row: InboxRow) -> None:
    """Give a dead event its tries again."""
    row.state, row.tries, row.next_try_at = InboxState.WAITING, 0, real_now()


def _sort(reactions: Reactions, bodies: Sequence[bytes | str]) -> tuple[list[tuple[Event[Any], str]], list[Misfit]]:
    """What can be reacted to, each once, and what fits no contract. Facts nobody here listens to are left out."""
    events: dict[UUID, tuple[Event[Any], str]] = {}
    misfits: list[Misfit] = []
    for body in bodies:
        text = body if isinstance(body, str) else body.decode("utf-8", "replace")
        try:
            envelope = Envelope.model_validate_json(text)
        except ValidationError as error:
            digest = uuid5(_UNREADABLE, sha256(text.encode("utf-8", "replace")).hexdigest())
            misfits.append(Misfit(digest, "unreadable", "", text, _reason(error)))
            continue
        if envelope.type not in reactions.handlers:
            continue
        try:
            events[envelope.id] = (reactions.open(envelope), text)
        except ValidationError as error:
            misfits.append(Misfit(envelope.id, envelope.type, envelope.subject, text, _reason(error)))
    return list(events.values()), misfits


def _reason(error: ValidationError) -> str:
    """What did not fit, without the values: they may be personal."""
    return "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors(include_input=False))[:2000]


def _insert_new(session: Session, consumer: str, events: Sequence[Event[Any]]) -> set[UUID]:
    """Put the events into the inbox; the ids of those that were not there."""
    now = real_now()
    rows = [
        {
            "consumer": consumer,
            "event_id": event.id,
            "type": event.type,
            "subject": event.subject,
            "state": InboxState.DONE,
            "received_at": now,
            "tries": 1,
        }
        for event in events
    ]
    statement = insert_into(session, InboxRow.__table__).on_conflict_do_nothing().returning(InboxRow.event_id)
    return set(session.scalars(statement, rows))


def _take_together(database: Database, reactions: Reactions, events: Sequence[tuple[Event[Any], str]]) -> int:
    with database.unit_of_work() as session:
        new = _insert_new(session, reactions.service, [event for event, _ in events])
        fresh = [event for event, _ in events if event.id in new]
        reactions.preload(session, fresh)
        with session.no_autoflush:
            for event in fresh:
                with following(event.correlation_id, str(event.id)):
                    reactions.react(session, event)
    return len(fresh)


def _take_alone(database: Database, reactions: Reactions, event: Event[Any], envelope: str) -> bool:
    try:
        with database.unit_of_work() as session:
            if not _insert_new(session, reactions.service, [event]):
                return False
            _react(reactions, session, event)
        return True
    except DatabaseAway:
        raise
    except Exception as error:
        failure = error
    with database.unit_of_work() as session:
        if _insert_new(session, reactions.service, [event]):
            row = session.get_one(InboxRow, (reactions.service, event.id))
            row.envelope, row.tries = envelope, 0
            _fail(row, failure)
    return False


def _retry_one(database: Database, reactions: Reactions) -> bool:
    with database.unit_of_work() as session:
        row = session.scalar(
            select(InboxRow)
            .where(
                InboxRow.state == InboxState.WAITING,
                InboxRow.consumer == reactions.service,
                InboxRow.next_try_at <= real_now(),
            )
            .order_by(InboxRow.next_try_at)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        if row is None:
            return False
        try:
            event = reactions.open(Envelope.model_validate_json(row.envelope or ""))
            with session.begin_nested():
                _react(reactions, session, event)
        except Exception as error:
            if is_away(error):
                raise
            _fail(row, error)
        else:
            row.state, row.envelope, row.error, row.next_try_at = InboxState.DONE, None, None, None
    return True


def _react(reactions: Reactions, session: Session, event: Event[Any]) -> None:
    reactions.preload(session, [event])
    with following(event.correlation_id, str(event.id)), session.no_autoflush:
        reactions.react(session, event)
    session.flush()


def _fail(row: InboxRow, failure: Exception) -> None:
    """Note why and when to try again. `NotYet` waits a constant short time and dies of age alone; a failure doubles
    its pause and dies of its count."""
    config = settings()
    now = real_now()
    row.error = f"{type(failure).__name__}: {failure}"[:2000]
    if isinstance(failure, NotYet):
        dead = now - row.received_at > timedelta(seconds=config.not_yet_limit_seconds)
        pause = config.not_yet_seconds
    else:
        row.tries += 1
        dead = row.tries >= config.retry_tries
        pause = min(config.retry_first_seconds * 2 ** (row.tries - 1), 3600)
    row.state = InboxState.DEAD if dead else InboxState.WAITING
    row.next_try_at = None if dead else now + timedelta(seconds=pause)
    log.log(
        logging.ERROR if dead else logging.INFO,
        "%s %s: %s (%s)",
        row.type,
        row.event_id,
        "dead" if dead else "waits",
        type(failure).__name__,
    )


def _bury(session: Session, consumer: str, misfit: Misfit) -> None:
    if session.get(InboxRow, (consumer, misfit.id)) is None:
        session.add(
            InboxRow(
                consumer=consumer,
                event_id=misfit.id,
                type=misfit.type[:120],
                subject=misfit.subject[:120],
                state=InboxState.DEAD,
                error=f"does not fit its contract: {misfit.error}",
                envelope=misfit.envelope,
            )
        )
        log.error("%s %s: dead (does not fit its contract)", misfit.type[:120], misfit.id)
