"""The way out: rows of the outbox to the broker, in batches, each confirmed before it is marked.

Replicas share the work: `FOR UPDATE SKIP LOCKED`. A relay that dies between confirm and mark publishes again; readers
drop what they have seen. In the embedded mode the broker forgets everything with the process, so that all rows still
kept are offered again at the start.
"""

import logging
from collections.abc import Sequence
from contextlib import suppress
from threading import Event as Flag
from typing import Any

from kombu import Connection
from sqlalchemy import select, update
from sqlalchemy.exc import SQLAlchemyError

from shared.clock import real_now
from shared.contracts.envelope import CONTENT_TYPE
from shared.database.unit import Database, is_away
from shared.messaging.models import OutboxRow
from shared.messaging.topology import PUBLIC, connect, declare_where_allowed, exchange_for
from shared.settings import settings

log = logging.getLogger(__name__)
CONFIRM_SECONDS = 30


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

    def publish(self, rows: Sequence[tuple[str, str, str]]) -> set[str]:
        """Publish `(event id, type, envelope)`, wait for the confirms. The ids of what the broker did not take.

        Raises the broker's error.
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
            exchange = exchange_for(fact_type)
            if self.confirms:
                self._outstanding[self._sent] = event_id
            self.channel.basic_publish(
                message, exchange=exchange.name, routing_key=fact_type, mandatory=self.confirms and exchange is PUBLIC
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


class Relay:
    """Publishes what a service's outbox holds, until told to stop."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.published = 0
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
                with connect(settings()) as connection:
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

    def publish_batch(self, publisher: Publisher) -> int:
        """Publish and mark one batch. Returns its size, without what the broker did not take: that stays."""
        with self.database.unit_of_work() as session:
            rows = session.execute(
                select(OutboxRow.position, OutboxRow.id, OutboxRow.type, OutboxRow.envelope)
                .where(OutboxRow.published_at.is_(None))
                .order_by(OutboxRow.position)
                .limit(settings().relay_batch)
                .with_for_update(skip_locked=True)
            ).all()
            if not rows:
                return 0
            refused = publisher.publish([(str(row.id), row.type, row.envelope) for row in rows])
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
        return len(taken)

    def offer_again(self) -> None:
        """Take everything still kept as unpublished."""
        with self.database.unit_of_work() as session:
            session.execute(update(OutboxRow).values(published_at=None).execution_options(synchronize_session=False))

    def _publish_all(self, publisher: Publisher) -> None:
        while True:
            self._news.clear()
            if self.publish_batch(publisher) < settings().relay_batch or self._stopping.is_set():
                return

    def _rest(self, publisher: Publisher) -> None:
        self._news.wait(settings().relay_poll_seconds)
        if publisher.confirms:
            publisher.keep_alive()


def publish_waiting(database: Database, connection: Connection) -> int:
    """Publish all that waits, once. For tests and for benchmarks that run no relay."""
    publisher: Any = Publisher(connection)
    relay = Relay(database)
    total = 0
    while published := relay.publish_batch(publisher):
        total += published
    return total
