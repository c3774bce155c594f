"""The way out: rows of the outbox to the broker, in batches, each confirmed before it is marked.

Replicas share the work: `FOR UPDATE SKIP LOCKED`. A relay that dies between confirm and mark publishes again; readers
drop what they have seen. In the embedded mode the broker forgets everything with the process, so that what was told
lately is offered again at the start.

The confirms are awaited inside the transaction that holds the rows: the one exception to "no network inside a
transaction". The row locks are the claim. They keep other replicas off a batch for just as long as its relay lives, and
nobody else ever waits for these rows. It is bounded by CONFIRM_SECONDS, and it costs one connection, the relay's own.
"""

import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import timedelta
from itertools import groupby, repeat
from operator import itemgetter
from threading import Event as Flag
from typing import Any, NamedTuple

from kombu import Connection
from sqlalchemy import select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from shared.clock import real_now
from shared.contracts.envelope import CONTENT_TYPE
from shared.contracts.sealed import sealed_kinds
from shared.contracts.tellers import teller_of
from shared.database.changes import change_rows
from shared.database.retention import ROWS_A_STEP
from shared.database.unit import TOLD, Database, is_away
from shared.messaging.failures import describe_failure
from shared.messaging.models import EVENTS_EXCHANGE, PUBLIC_EXCHANGE, OutboxRow
from shared.messaging.outbox import erase_sealed_fields
from shared.messaging.pauses import choose_growing_pause
from shared.messaging.retentions import keep_events
from shared.messaging.signing import HEADER, sign_events
from shared.messaging.topology import EVENTS, PUBLIC, connect_broker, declare_where_allowed
from shared.security.key_files import KeyMissing
from shared.settings import settings

log = logging.getLogger(__name__)
CONFIRM_SECONDS = 30
HEARTBEAT_SECONDS = 2.0
FIRST_PAUSE = 0.2
FIRST_REST = 0.5
LONGEST_REST = 10.0
"""Seconds that what the broker does not take rests before it is offered again."""
KEEP_SECRETS = timedelta(days=1)
"""How long an embedded system can offer again what is sealed; with a real broker it is erased once it is published."""


class Published(NamedTuple):
    """What became of one batch: how many events the broker took, and how many it did not."""

    taken: int
    refused: int


class Publisher:
    """A channel in confirm mode: a batch goes out whole before its confirms are waited for.

    Facts between the services are signed by who tells them (`signing.py`). What is for other agencies must reach their
    stream: for a moment after a restart the broker knows the exchange and not yet the stream, and would confirm what
    it has thrown away. Between the services an event may have no reader.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.channel = connection.channel()
        self.confirms = connection.transport.driver_type == "amqp"
        self._sent = 0
        self._refused: set[str] = set()
        self._outstanding: dict[int, str] = {}
        if self.confirms:
            self.channel.confirm_select()
            self.channel.events["basic_ack"].add(self._acknowledged)
            self.channel.events["basic_nack"].add(self._not_acknowledged)
            self.channel.events["basic_return"].add(self._returned)

    def publish(self, exchange: str, rows: Sequence[tuple[str, str, str]]) -> set[str]:
        """Publish `(event id, type, envelope)` on `exchange`, wait for the confirms. The ids of what the broker did
        not take. Raises the broker's error.
        """
        self._refused = set()
        bodies = [envelope.encode() for _, _, envelope in rows]
        signatures = _sign_rows(rows, bodies) if exchange == EVENTS.name else repeat(None)
        for (event_id, fact_type, _), body, signature in zip(rows, bodies, signatures, strict=False):
            message = self.channel.prepare_message(
                body,
                headers={HEADER: signature} if signature else None,
                content_type=CONTENT_TYPE,
                content_encoding="utf-8",
                properties={"delivery_mode": 2, "message_id": event_id},
            )
            self._sent += 1
            if self.confirms:
                self._outstanding[self._sent] = event_id
            self.channel.basic_publish(
                message, exchange=exchange, routing_key=fact_type, mandatory=self.confirms and exchange == PUBLIC.name
            )
        self._await_confirms()
        return self._refused

    def _await_confirms(self) -> None:
        """Raise TimeoutError unless all confirms have come within CONFIRM_SECONDS, whatever else the broker says."""
        end = time.monotonic() + CONFIRM_SECONDS
        while self._outstanding:
            left = end - time.monotonic()
            if left <= 0:
                raise TimeoutError(f"{len(self._outstanding)} events were not confirmed within {CONFIRM_SECONDS} s")
            with suppress(TimeoutError):
                self.connection.drain_events(timeout=min(left, HEARTBEAT_SECONDS))
            if self._outstanding:
                self.connection.heartbeat_check()  # a broker that hears nothing for long cuts the connection

    def keep_alive(self) -> None:
        """Hear the broker's heartbeats and send ours: who does not listen takes a live broker for a dead one."""
        with suppress(TimeoutError):
            while True:
                self.connection.drain_events(timeout=0.01)
        self.connection.heartbeat_check()

    def _acknowledged(self, tag: int, multiple: bool) -> None:
        self._done(tag, multiple)

    def _not_acknowledged(self, tag: int, multiple: bool) -> None:
        self._refused |= self._done(tag, multiple)

    def _returned(self, _reason: Exception, _exchange: str, _key: str, message: Any) -> None:
        self._refused.add(message.properties["message_id"])

    def _done(self, tag: int, multiple: bool) -> set[str]:
        """Ids of the messages that a confirm is about."""
        tags = [sent for sent in self._outstanding if sent <= tag] if multiple else [tag]
        return {self._outstanding.pop(sent) for sent in tags if sent in self._outstanding}


def _sign_rows(rows: Sequence[tuple[str, str, str]], bodies: Sequence[bytes]) -> Iterator[str]:
    """The signatures over the bodies, in their order; neighbours of one teller share one."""
    tellers = [teller_of(fact_type) for _, fact_type, _ in rows]
    for teller, group in groupby(zip(tellers, bodies, strict=True), key=itemgetter(0)):
        yield from sign_events(teller, [body for _, body in group])


def _erase_secrets(session: Session, rows: Sequence[Any]) -> None:
    for row in rows:
        if row.type in sealed_kinds():
            erased = erase_sealed_fields(row.type, row.envelope)
            session.execute(update(OutboxRow).where(OutboxRow.position == row.position).values(envelope=erased))


class Relay:
    """Publishes what a service's outbox holds for one exchange, until told to stop.

    Each exchange has a relay of its own, with its own connection: a broker that takes nothing for one of them, or
    answers nothing, holds up no other.
    """

    def __init__(self, database: Database, exchange: str = EVENTS_EXCHANGE) -> None:
        self.database = database
        self.exchange = exchange
        self.published = 0
        self.rests_until = 0.0
        self._refusals = 0
        self._news = Flag()
        self._stopping = Flag()
        database.on_commit(TOLD, self._news.set)

    def stop(self) -> None:
        """End after the batch in hand."""
        self._stopping.set()
        self._news.set()

    def run(self) -> None:
        """Publish for ever; reconnect for ever, with a pause that grows to LONGEST_REST seconds."""
        failures, is_begun = 0, not settings().embedded
        while not self._stopping.is_set():
            try:
                if not is_begun:
                    self.erase_old_secrets()
                    self.offer_again()
                    is_begun = True
                with connect_broker(settings()) as connection:
                    connection.ensure_connection(max_retries=1)
                    declare_where_allowed(connection)
                    publisher = Publisher(connection)
                    while not self._stopping.is_set():
                        self.publish_all(publisher)
                        failures = 0
                        self._rest(publisher)
            except Exception as error:
                if isinstance(error, KeyMissing):
                    log.error("the relay of %s cannot sign: %s", self.database.service, error)
                if isinstance(error, SQLAlchemyError) and not is_away(error):
                    log.exception("the relay of %s", self.database.service)
                failures += 1
                pause = choose_growing_pause(failures, FIRST_PAUSE, LONGEST_REST)
                log.warning("the relay of %s waits %.1f s: %s", self.database.service, pause, describe_failure(error))
                self._stopping.wait(pause)

    def publish_batch(self, publisher: Publisher) -> Published:
        """Publish and mark one batch; what the broker did not take stays as it is."""
        with self.database.unit_of_work() as session:
            rows = session.execute(
                select(OutboxRow.position, OutboxRow.id, OutboxRow.type, OutboxRow.envelope)
                .where(OutboxRow.published_at.is_(None), OutboxRow.exchange == self.exchange)
                .order_by(OutboxRow.position)
                .limit(settings().relay_batch)
                .with_for_update(skip_locked=True)
            ).all()
            if not rows:
                return Published(0, 0)
            refused = publisher.publish(self.exchange, [(str(row.id), row.type, row.envelope) for row in rows])
            taken = {row.position for row in rows if str(row.id) not in refused}
            if refused:
                log.warning("the broker took %d of %d events of %s", len(taken), len(rows), self.database.service)
            if taken:
                session.execute(
                    update(OutboxRow)
                    .where(OutboxRow.position.in_(taken))
                    .values(published_at=real_now())
                    .execution_options(synchronize_session=False)
                )
                if not settings().embedded:  # there the broker forgets, and what is offered again must be whole
                    _erase_secrets(session, [row for row in rows if row.position in taken])
        self.published += len(taken)
        return Published(len(taken), len(refused))

    def offer_again(self) -> None:
        """Mark what was told lately as not published, in bounded steps, so that it is published once more.

        Lately means: within the time that every reader still knows it again (`retentions.py`).
        """
        while self._offer_some():
            pass

    def erase_old_secrets(self) -> None:
        """Erase what is sealed in events that were published a day ago or earlier: their readers have had it."""
        with self.database.unit_of_work() as session:
            old = select(OutboxRow.position, OutboxRow.type, OutboxRow.envelope).where(
                OutboxRow.published_at.is_not(None),
                OutboxRow.created_at < real_now() - KEEP_SECRETS,
                OutboxRow.type.in_(sealed_kinds()),
            )
            _erase_secrets(session, session.execute(old).all())

    def _offer_some(self) -> bool:
        some = (
            select(OutboxRow.position)
            .where(
                OutboxRow.published_at.is_not(None),
                OutboxRow.exchange == self.exchange,
                OutboxRow.created_at >= real_now() - keep_events(),
            )
            .limit(ROWS_A_STEP)
        )
        with self.database.unit_of_work() as session:
            again = update(OutboxRow).where(OutboxRow.position.in_(some)).values(published_at=None)
            return change_rows(session, again) > 0

    def publish_all(self, publisher: Publisher) -> None:
        """Publish batches until nothing waits. What the broker refuses rests a growing time before it is offered."""
        self._news.clear()
        while time.monotonic() >= self.rests_until and not self._stopping.is_set():
            published = self.publish_batch(publisher)
            if published.refused:
                self._refusals += 1
                self.rests_until = time.monotonic() + choose_growing_pause(self._refusals, FIRST_REST, LONGEST_REST)
            else:
                self._refusals, self.rests_until = 0, 0.0
            if published.taken + published.refused < settings().relay_batch:
                return

    def _rest(self, publisher: Publisher) -> None:
        self._news.wait(settings().relay_poll_seconds)
        if publisher.confirms:
            publisher.keep_alive()


def publish_waiting(database: Database, connection: Connection) -> int:
    """Publish all that waits, once; returns how many events. For tests and benchmarks without a relay."""
    publisher: Any = Publisher(connection)
    total = 0
    for exchange in (EVENTS_EXCHANGE, PUBLIC_EXCHANGE):
        relay = Relay(database, exchange)
        while relay.publish_batch(publisher).taken:
            pass
        total += relay.published
    return total
