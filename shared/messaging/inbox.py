"""Taking in what arrived: each event has its effect once, however often it comes, and the culprit alone fails.

A batch is run optimistically: one insert tells the new from the seen, all reactions share one unit of work, one commit.
If anything raises, it is rolled back and run again one by one, each in a transaction of its own.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from shared.clock import real_now
from shared.contracts import Envelope, Event
from shared.database.unit import Database, Why, why_away
from shared.messaging.admission import Arrived, Body, find_lies, sort_arrived
from shared.messaging.arrivals import bury_misfits, insert_new_events, keep_unheard, key_of_event
from shared.messaging.context import following_cause
from shared.messaging.failures import describe_failure
from shared.messaging.models import InboxRow, InboxState
from shared.messaging.pauses import choose_growing_pause
from shared.messaging.reactions import NotHere, NotYet, Reactions
from shared.settings import settings

log = logging.getLogger(__name__)
T = TypeVar("T")

AT_ONCE_AGAIN = 3
"""Tries in a row of an event that met another transaction at the same rows: no failure of the event."""
LONGEST_PAUSE = 3600.0
"""The longest pause between two tries of an event, seconds."""
NOT_HERE_SECONDS = 10.0
"""Pause before an event that this version does not know is looked at again, by whichever replica."""
_NOBODYS_FAULT = (Why.LOST, Why.FULL, Why.POOL)
"""The database can do nothing for anybody: wait for it. A lock or a slow statement may be this very event's."""


def take_in_batch(database: Database, reactions: Reactions, bodies: Sequence[Body]) -> int:
    """Take in one batch. Returns how many events were new and had their effect at once.

    What failed waits in the inbox for its next try; what fits no contract is dead there with the reason.
    Raises DatabaseAway when nothing could be written down: then the messages have to stay with the broker.
    """
    arrived = sort_arrived(reactions, bodies)
    events = arrived.events
    bury_misfits(database, reactions.service, arrived.misfits)
    keep_unheard(database, reactions.service, arrived.unheard)
    if not events:
        return 0
    try:
        return _take_together(database, reactions, events)
    except Exception as error:
        if why_away(error) in _NOBODYS_FAULT:
            raise
        log.info("a batch of %d is run one by one: %s", len(events), type(error).__name__)
    return sum(_take_alone(database, reactions, arrived) for arrived in events)


def retry_waiting(database: Database, reactions: Reactions, limit: int = 100) -> int:
    """Try again what is due, `limit` events at most. Returns how many were tried. Raises DatabaseAway."""
    for tried in range(limit):
        if not _retry_one(database, reactions):
            return tried
    return limit


def replay_event(row: InboxRow) -> None:
    """Give a dead event its tries again, and its time to wait for what it builds on."""
    row.state, row.tries, row.next_try_at, row.waiting_since = InboxState.WAITING, 0, real_now(), None


def _take_together(database: Database, reactions: Reactions, events: Sequence[Arrived]) -> int:
    with database.unit_of_work() as session:
        new = insert_new_events(session, reactions.service, [arrived.event for arrived in events])
        fresh = [arrived.event for arrived in events if key_of_event(arrived.event) in new]
        reactions.preload(session, fresh)
        with session.no_autoflush:
            for event in fresh:
                with following_cause(event.correlation_id, str(event.id)):
                    reactions.react(session, event)
    return len(fresh)


def _take_alone(database: Database, reactions: Reactions, arrived: Arrived) -> bool:
    """Take in one event in a transaction of its own. Whether it was new and had its effect; a failure is kept."""
    try:
        return _through_contention(lambda: _take_together(database, reactions, [arrived]) == 1)
    except Exception as error:
        if why_away(error) in _NOBODYS_FAULT:
            raise
        failure = error
    with database.unit_of_work() as session:
        if insert_new_events(session, reactions.service, [arrived.event]):
            row = session.get_one(InboxRow, (reactions.service, *reversed(key_of_event(arrived.event))))
            row.envelope, row.tries = arrived.envelope, 0
            _note_failure(row, failure)
    return False


def _through_contention(work: Callable[[], T]) -> T:
    """The result of `work`, tried again at once where another transaction came first at the same rows."""
    for _ in range(AT_ONCE_AGAIN - 1):
        try:
            return work()
        except Exception as error:
            if not isinstance(error, IntegrityError | StaleDataError) and why_away(error) is not Why.LOCK:
                raise
    return work()


def _retry_one(database: Database, reactions: Reactions) -> bool:
    """Try the event that has been due the longest. Whether there was one."""
    key: tuple[str, UUID, str] | None = None
    try:
        with database.unit_of_work() as session:
            row = _lock_due(session, reactions.service)
            if row is None:
                return False
            key = row.consumer, row.event_id, row.teller
            try:
                event = _open_kept(reactions, row)
                _through_contention(lambda: _react_nested(reactions, session, event))
            except Exception as error:
                if why_away(error) in _NOBODYS_FAULT:
                    raise
                _note_failure(row, error)
            else:
                row.state, row.envelope, row.error, row.next_try_at = InboxState.DONE, None, None, None
    except Exception as error:
        if key is None or why_away(error) in _NOBODYS_FAULT:
            raise
        # it failed only at the commit: unless that is noted, this event is the next one again, for ever
        _note_elsewhere(database, key, error)
    return True


def _open_kept(reactions: Reactions, row: InboxRow) -> Event[Any]:
    """The event that waits in a row of the inbox. Raises ValueError when it is another than the row says: what was
    refused at the door does not come in by a replay. Raises NotHere for one that only another version reacts to.
    """
    envelope = Envelope.model_validate_json(row.envelope or "")
    if (envelope.id, envelope.type) != (row.event_id, row.type) or any(find_lies(envelope, "")):
        raise ValueError("not the event that this row is of")
    if envelope.type not in reactions.handlers:
        raise NotHere
    return reactions.open_envelope(envelope)


def _lock_due(session: Session, consumer: str) -> InboxRow | None:
    return session.scalar(
        select(InboxRow)
        .where(
            InboxRow.state == InboxState.WAITING,
            InboxRow.consumer == consumer,
            InboxRow.next_try_at <= real_now(),
        )
        .order_by(InboxRow.next_try_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )


def _react(reactions: Reactions, session: Session, event: Event[Any]) -> None:
    reactions.preload(session, [event])
    with following_cause(event.correlation_id, str(event.id)), session.no_autoflush:
        reactions.react(session, event)
    session.flush()


def _react_nested(reactions: Reactions, session: Session, event: Event[Any]) -> None:
    with session.begin_nested():
        _react(reactions, session, event)


def _note_elsewhere(database: Database, key: tuple[str, UUID, str], failure: Exception) -> None:
    """Note a failure in a transaction of its own, after the one it happened in was rolled back."""
    with database.unit_of_work() as session:
        row = session.get(InboxRow, key, with_for_update=True)
        if row is not None and row.state == InboxState.WAITING:
            _note_failure(row, failure)


def _note_failure(row: InboxRow, failure: Exception) -> None:
    """Note why and when to try again.

    `NotYet` waits a constant short time and dies of the time it has waited alone, counted from the first such answer
    (or from its replay); a failure doubles its pause and dies of its count.
    """
    config = settings()
    now = real_now()
    row.error = describe_failure(failure)
    if isinstance(failure, NotYet):
        row.waiting_since = row.waiting_since or now
        dead = now - row.waiting_since > timedelta(seconds=config.not_yet_limit_seconds)
        pause = NOT_HERE_SECONDS if isinstance(failure, NotHere) else config.not_yet_seconds
    else:
        row.tries += 1
        dead = row.tries >= config.retry_tries
        pause = choose_growing_pause(row.tries, config.retry_first_seconds, LONGEST_PAUSE)
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
