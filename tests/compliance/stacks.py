"""A stack to break: a database and a broker, with as many replicas of one small service on them as a test wants."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from kombu import Connection
from kombu.transport import memory
from sqlalchemy import delete, select, update

from shared.clock import real_now
from shared.database.base import SharedBase
from shared.database.unit import Database
from shared.messaging.admission import Body
from shared.messaging.consumer import Batch, Deliveries, handle_batch
from shared.messaging.inbox import retry_waiting
from shared.messaging.models import EVENTS_EXCHANGE, InboxRow, InboxState, JobRow, OutboxRow
from shared.messaging.reactions import Reactions
from shared.messaging.reading import make_consumer
from shared.messaging.relay import Publisher, Relay, publish_waiting
from shared.messaging.signing import HEADER, sign_events
from shared.messaging.topology import DEAD, DEAD_QUEUE, EVENTS, PUBLIC, PUBLIC_STREAM, queue_of
from tests.unit.messaging.ledger import Base, Effect, create_tables, reactions

PREFETCH = 100
Handle = Callable[[Database, Reactions, list[Body]], BaseException | None]


@dataclass
class Replica:
    """One process of the service, in small: a channel of its own and what it holds."""

    database: Database
    connection: Connection
    deliveries: Deliveries = field(default_factory=lambda: Deliveries(50))

    def __post_init__(self) -> None:
        self.channel: Any = self.connection.channel()
        self.consumer = make_consumer(self.channel, queue_of(reactions), self.deliveries.add_arrived, PREFETCH)
        self.consumer.consume()

    def hear(self) -> None:
        """Receive what the broker has for this replica, until it has nothing ready."""
        queue = queue_of(reactions).name
        while True:
            try:
                self.connection.drain_events(timeout=0.1 if self.is_amqp else 0.01)
            except (TimeoutError, OSError):
                waiting = sum(len(batch.messages) for batch in self.deliveries._alone)
                full = len(self.deliveries._arrived) + waiting >= PREFETCH
                if full or self.channel.queue_declare(queue, passive=True).message_count == 0:
                    return

    def handle(self, handle: Handle = handle_batch) -> Batch | None:
        """Handle the next batch, if there is one, and settle it as a runner does."""
        batch = self.deliveries.take_batch()
        if batch is not None:
            error = handle(self.database, reactions, batch.bodies)
            if error is None:
                self.deliveries.note_success(batch)
            else:
                self.deliveries.note_failure(batch, error)
        return batch

    def work(self, handle: Handle = handle_batch) -> None:
        """Hear and handle until nothing is there."""
        self.hear()
        while self.handle(handle):
            self.hear()

    @property
    def is_amqp(self) -> bool:
        return bool(self.connection.transport.driver_type == "amqp")


@dataclass
class Stack:
    """A database and a broker of a test's own."""

    name: str
    database_url: str
    broker_url: str
    cleanup: ExitStack

    def __post_init__(self) -> None:
        self.database = self.another_database()
        create_tables(self.database)
        with self.database.unit_of_work() as session:
            for metadata in (Base.metadata, SharedBase.metadata):
                for table in reversed(metadata.sorted_tables):
                    session.execute(delete(table))
        self.connection = self.connect()
        self.sender = self.connect(confirm_publish=self.on_servers)
        if self.on_servers:
            with self.connection.channel() as channel:
                for queue in (queue_of(reactions), DEAD_QUEUE, PUBLIC_STREAM):
                    queue(channel).delete()
        self.declare()

    def declare(self) -> None:
        """Exchanges and queues; not the stream of the agencies, which a test declares when it is to be there."""
        with self.connection.channel() as channel:
            for exchange in (EVENTS, PUBLIC, DEAD):
                exchange(channel).declare()
            queue_of(reactions)(channel).declare()
            DEAD_QUEUE(channel).declare()

    @property
    def on_servers(self) -> bool:
        return self.name == "servers"

    def another_database(self) -> Database:
        """The same database through a pool of its own, as another process has it."""
        database = Database("ledger", self.database_url)
        self.cleanup.callback(database.close)
        return database

    def connect(self, **options: Any) -> Connection:
        connection = Connection(self.broker_url, transport_options={"polling_interval": 0.005, **options})
        self.cleanup.callback(connection.release)
        connection.connect()
        return connection

    def start_replica(self) -> Replica:
        return Replica(self.another_database(), self.connect())

    def publish(self) -> int:
        """Publish what the outbox holds, as a relay does."""
        return publish_waiting(self.database, self.connection)

    def send(self, *bodies: bytes | str, **headers: str) -> None:
        """Put messages into the service's queue as they are, signed by who tells such facts."""
        with self.sender.channel() as channel:
            for body in bodies:
                raw = body if isinstance(body, bytes) else body.encode()
                (signature,) = sign_events("registration", [raw])
                message = channel.prepare_message(
                    raw,
                    headers={HEADER: signature, **headers},
                    content_type="application/octet-stream",
                    content_encoding="binary",
                )
                channel.basic_publish(message, exchange=EVENTS_EXCHANGE, routing_key=reactions.types[0])

    def kill(self, replica: Replica) -> None:
        """End a replica without a word. What it had not acknowledged goes back to the broker; embedded, the broker dies
        with the process, and the next start offers again what was told.
        """
        if replica.is_amqp:
            replica.connection.collect()
            return
        forget_memory()
        self.declare()
        Relay(self.database).offer_again()
        self.publish()

    def make_relay(self, exchange: str = EVENTS_EXCHANGE) -> tuple[Relay, Publisher]:
        return Relay(self.another_database(), exchange), Publisher(self.connect())

    def take_dead(self) -> int:
        """How many messages the broker has laid aside within two seconds; they are taken from there."""
        taken, end = 0, time.monotonic() + 2
        with self.connection.channel() as channel:
            while time.monotonic() < end and not taken:
                while channel.basic_get(DEAD_QUEUE.name, no_ack=True):
                    taken += 1
                time.sleep(0.05)
        return taken

    def effects(self) -> Counter[UUID]:
        with self.database.reading() as session:
            return Counter(session.scalars(select(Effect.event_id)))

    def told(self) -> set[UUID]:
        with self.database.reading() as session:
            return set(session.scalars(select(OutboxRow.id)))

    def inbox(self) -> dict[UUID, InboxRow]:
        with self.database.reading() as session:
            return {row.event_id: row for row in session.scalars(select(InboxRow))}

    def states(self) -> Counter[str]:
        return Counter(InboxState(row.state) for row in self.inbox().values())

    def make_due(self) -> None:
        """Let all that waits be due now."""
        with self.database.unit_of_work() as session:
            session.execute(update(InboxRow).where(InboxRow.state == InboxState.WAITING).values(next_try_at=real_now()))
            session.execute(update(JobRow).where(JobRow.state == "waiting").values(next_try_at=real_now()))

    def retry_until_quiet(self, rounds: int = 20) -> None:
        """Run the retry loop until nothing waits, or `rounds` times."""
        for _ in range(rounds):
            self.make_due()
            if not retry_waiting(self.database, reactions):
                return

    def assert_all_once(self, events: Iterable[UUID] | None = None) -> None:
        """Every event (by default: every one told) had exactly one effect."""
        wanted = set(events) if events is not None else self.told()
        found = self.effects()
        assert {event: found[event] for event in wanted} == dict.fromkeys(wanted, 1)


@contextmanager
def stack_at(name: str, database_url: str, broker_url: str) -> Iterator[Stack]:
    """A stack on these servers; `memory://` begins with an empty broker."""
    if broker_url.startswith("memory"):
        forget_memory()
    with ExitStack() as cleanup:
        yield Stack(name, database_url, broker_url, cleanup)


def forget_memory() -> None:
    """The broker in memory has died with its process."""
    memory.Channel.queues.clear()
    memory.Channel.events.clear()
    memory.Transport.global_state.clear()
