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
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from threading import Event as Flag
from typing import Any, NamedTuple

from kombu import Connection
from sqlalchemy import select, update
from sqlalchemy.exc import SQLAlchemyError

from shared.clock import real_now
from shared.contracts.envelope import CONTENT_TYPE
from shared.database.retention import ROWS_A_STEP
from shared.database.unit import Database, is_away
from shared.messaging.models import EVENTS_EXCHANGE, PUBLIC_EXCHANGE, OutboxRow
from shared.messaging.sweep import keep_events
from shared.messaging.topology import PUBLIC, connect_broker, declare_where_allowed
from shared.settings import settings

log = logging.getLogger(__name__)
CONFIRM_SECONDS = 30
FIRST_REST = 0.5
LONGEST_REST = 10.0
"""Seconds that what the broker does not take rests before it is offered again."""


class Published(NamedTuple):
    """What became of one batch: how many events the broker took, and how many it did not."""

    taken: int
    refused: int


class Publisher:
    """A channel in confirm mode: a batch goes out whole before its confirms are waited for.

    What is for other agencies must reach their stream: for a moment after a restart the broker knows the exchange and
    not yet the stream, and would confirm what it has thrown away. Between the services an event may have no reader.
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
        for event_id, fact_type, envelope in rows:
            message = self.channel.prepare_message(
                envelope.encode(),
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
        while self._outstanding:
            self.connection.drain_events(timeout=CONFIRM_SECONDS)
        return self._refused

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


@dataclass
class Lane:
    """What is for one exchange. What the broker does not take there rests, and holds up no other lane."""

    exchange: str
    rests_until: float = 0.0
    _pause: float = FIRST_REST

    def note_refused(self) -> None:
        """Let it rest, twice as long each time, up to LONGEST_REST seconds."""
        self.rests_until = time.monotonic() + self._pause
        self._pause = min(self._pause * 2, LONGEST_REST)

    def note_taken(self) -> None:
        """The broker takes everything again."""
        self.rests_until, self._pause = 0.0, FIRST_REST

    @property
    def rests(self) -> bool:
        return time.monotonic() < self.rests_until


class Relay:
    """Publishes what a service's outbox holds, until told to stop."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.published = 0
        self._lanes = [Lane(EVENTS_EXCHANGE), Lane(PUBLIC_EXCHANGE)]
        self._news = Flag()
        self._stopping = Flag()
        database.on_commit(self._news.set)

    def stop(self) -> None:
        """End after the batch in hand."""
        self._stopping.set()
        self._news.set()

    def run(self) -> None:
        """Publish for ever; reconnect for ever, with a pause that grows to 10 s."""
        pause = 0.2
        if settings().embedded:
            self.offer_again()
        while not self._stopping.is_set():
            try:
                with connect_broker(settings()) as connection:
                    connection.ensure_connection(max_retries=1)
                    declare_where_allowed(connection)
                    publisher = Publisher(connection)
                    while not self._stopping.is_set():
                        self._publish_all(publisher)
                        pause = 0.2
                        self._rest(publisher)
            except Exception as error:
                if isinstance(error, SQLAlchemyError) and not is_away(error):
                    log.exception("the relay of %s", self.database.service)
                log.warning("the relay of %s waits %.1f s: %s", self.database.service, pause, type(error).__name__)
                self._stopping.wait(pause)
                pause = min(pause * 2, 10)

    def publish_batch(self, publisher: Publisher, exchange: str = EVENTS_EXCHANGE) -> Published:
        """Publish and mark one batch of what is for `exchange`; what the broker did not take stays as it is."""
        with self.database.unit_of_work() as session:
            rows = session.execute(
                select(OutboxRow.position, OutboxRow.id, OutboxRow.type, OutboxRow.envelope)
                .where(OutboxRow.published_at.is_(None), OutboxRow.exchange == exchange)
                .order_by(OutboxRow.position)
                .limit(settings().relay_batch)
                .with_for_update(skip_locked=True)
            ).all()
            if not rows:
                return Published(0, 0)
            refused = publisher.publish(exchange, [(str(row.id), row.type, row.envelope) for row in rows])
            taken = [row.position for row in rows if str(row.id) not in refused]
            if refused:
                log.warning("the broker took %d of %d events of %s", len(taken), len(rows), self.database.service)
            if taken:
                session.execute(
                    update(OutboxRow)
                    .where(OutboxRow.position.in_(taken))
                    .values(published_at=real_now())
                    .execution_options(synchronize_session=False)
                )
        self.published += len(taken)
        return Published(len(taken), len(refused))

    def offer_again(self) -> None:
        """Take what was told within the time that readers know it again as unpublished, in bounded steps.

        What is older is not offered: a reader may have forgotten that it had it (see `sweep`).
        """
        while self._offer_some():
            pass

    def _offer_some(self) -> bool:
        some = (
            select(OutboxRow.position)
            .where(OutboxRow.published_at.is_not(None), OutboxRow.created_at >= real_now() - keep_events())
            .limit(ROWS_A_STEP)
        )
        with self.database.unit_of_work() as session:
            result = session.execute(
                update(OutboxRow)
                .where(OutboxRow.position.in_(some))
                .values(published_at=None)
                .execution_options(synchronize_session=False)
            )
        return int(getattr(result, "rowcount", 0)) > 0

    def _publish_all(self, publisher: Publisher) -> None:
        self._news.clear()
        for lane in self._lanes:
            while not lane.rests and not self._stopping.is_set():
                published = self.publish_batch(publisher, lane.exchange)
                if published.refused:
                    lane.note_refused()
                else:
                    lane.note_taken()
                if published.taken + published.refused < settings().relay_batch:
                    break

    def _rest(self, publisher: Publisher) -> None:
        self._news.wait(settings().relay_poll_seconds)
        if publisher.confirms:
            publisher.keep_alive()


def publish_waiting(database: Database, connection: Connection) -> int:
    """Publish all that waits, once; returns how many events. For tests and benchmarks without a relay."""
    publisher: Any = Publisher(connection)
    relay = Relay(database)
    for exchange in (EVENTS_EXCHANGE, PUBLIC_EXCHANGE):
        while relay.publish_batch(publisher, exchange).taken:
            pass
    return relay.published
