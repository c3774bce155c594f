"""The way in, on nameko: what has arrived is handled in one batch, never waiting for more.

nameko's own consumer acknowledges a message even when its handler failed and runs a worker per message; this one hands
a service's method a list, one worker at a time, and acknowledges when it returns. While the database is away the batch
is held, not sent round: a quorum queue counts redeliveries.
"""

import logging
from collections import deque
from collections.abc import Sequence
from functools import partial
from threading import Event as Flag
from typing import Any

import eventlet
from amqp.exceptions import AMQPError
from kombu import Connection
from nameko.extensions import Entrypoint
from nameko.messaging import QueueConsumer

from shared.database.unit import Database, DatabaseAway
from shared.messaging.inbox import take
from shared.messaging.reactions import Reactions
from shared.messaging.topology import connect, declare_where_allowed, queue_of
from shared.settings import settings

log = logging.getLogger(__name__)

STOPPING = Flag()
"""Set when this process has been asked to end: what is held goes back to the broker."""


class BatchConsumer(QueueConsumer):
    """Gives each message to its provider at once, undecoded, in the consumer's own greenlet."""

    @property
    def connection(self) -> Connection:
        return connect(settings())

    def run(self, **options: Any) -> None:
        """Consume until the service stops; one line, not a traceback, for each connection that is lost."""
        while not self.should_stop:
            try:
                for _ in self.consume(limit=None, **options):
                    pass
            except self.connection_errors + self.channel_errors as error:
                log.warning("the connection to the broker is lost: %s", type(error).__name__)
                STOPPING.wait(1)

    def on_connection_error(self, error: Exception, interval: float) -> None:
        log.warning("the broker is away, tried again in %s s: %s", interval, type(error).__name__)

    def get_consumers(self, consumer_cls: Any, channel: Any) -> Any:
        declare_where_allowed(channel.connection.client, *(provider.queue for provider in self._providers))
        for provider in self._providers:
            provider.forget()
            consumer = consumer_cls(queues=[provider.queue], on_message=provider.arrived, auto_declare=False)
            consumer.qos(prefetch_count=2 * settings().batch_size)
            self._consumers[provider] = consumer
        return self._consumers.values()


class Subscription(Entrypoint):
    """Calls the decorated method with the bodies that arrived; acknowledges them all when it returns."""

    queue_consumer = BatchConsumer()

    def __init__(self, reactions: Reactions, **options: Any) -> None:
        self.reactions = reactions
        self.queue = queue_of(reactions)
        self._buffer: deque[Any] = deque()
        self._busy = False
        self._stopping = False
        super().__init__(**options)

    def setup(self) -> None:
        self.queue_consumer.register_provider(self)

    def stop(self) -> None:
        self._stopping = True
        self.queue_consumer.unregister_provider(self)

    def arrived(self, message: Any) -> None:
        self._buffer.append(message)
        self._start()

    def forget(self) -> None:
        """The channel is a new one: what was not acknowledged comes again."""
        self._buffer.clear()

    def _start(self) -> None:
        if self._busy or self._stopping or not self._buffer:
            return
        self._busy = True
        eventlet.spawn_n(self._spawn)  # after the other messages that have already arrived

    def _spawn(self) -> None:
        batch = [self._buffer.popleft() for _ in range(min(len(self._buffer), settings().batch_size))]
        if not batch or self._stopping:
            self._busy = False
            return
        bodies = [message.body for message in batch]
        self.container.spawn_worker(self, (bodies,), {}, handle_result=partial(self._handled, batch))

    def _handled(self, batch: list[Any], _context: Any, result: Any, exc_info: Any) -> tuple[Any, Any]:
        self._busy = False
        if exc_info is None:
            self._acknowledge(batch)
        self._start()
        return result, exc_info

    def _acknowledge(self, batch: list[Any]) -> None:
        channel = batch[-1].channel
        try:
            if channel.connection.client.transport.driver_type == "amqp":
                channel.basic_ack(batch[-1].delivery_tag, multiple=True)
            else:
                for message in batch:
                    message.ack()
        except (OSError, AttributeError, AMQPError):
            log.info("%d messages could not be acknowledged: they come again and are known", len(batch))


subscribe = Subscription.decorator


def take_in(database: Database, reactions: Reactions, bodies: Sequence[bytes | str], pause: float = 0.2) -> int:
    """Take a batch in, holding it while the database is away. Raises DatabaseAway when the process is to end."""
    while True:
        try:
            return take(database, reactions, bodies)
        except DatabaseAway:
            log.warning("the database of %s is away: %d events are held", database.service, len(bodies))
            if STOPPING.wait(pause):
                raise
            pause = min(pause * 2, 5)
