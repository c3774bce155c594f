"""The way in, on nameko: what has arrived is handled in one batch, never waiting for more.

nameko's own consumer acknowledges a message even when its handler failed and runs a worker per message; this one hands
a service's method a list, one worker at a time, and acknowledges exactly what succeeded (`consumer.py`). While the
database is away the batch is held, not sent round: a quorum queue counts redeliveries.
"""

import logging
from functools import partial
from typing import Any

import eventlet
from kombu import Connection
from nameko.extensions import Entrypoint
from nameko.messaging import QueueConsumer

from shared.messaging.consumer import STOPPING, Batch, Deliveries
from shared.messaging.failures import describe_failure
from shared.messaging.reactions import Reactions
from shared.messaging.reading import make_consumer
from shared.messaging.topology import connect_broker, declare_where_allowed, queue_of
from shared.settings import settings

log = logging.getLogger(__name__)


class BatchConsumer(QueueConsumer):
    """Gives each message to its provider at once, undecoded, in the consumer's own greenlet."""

    @property
    def connection(self) -> Connection:
        return connect_broker(settings())

    def run(self, **options: Any) -> None:
        """Consume until the service stops; one line, not a traceback, for each connection that is lost."""
        while not self.should_stop:
            try:
                for _ in self.consume(limit=None, **options):
                    pass
            except self.connection_errors + self.channel_errors as error:
                log.warning("the connection to the broker is lost: %s", describe_failure(error))
                STOPPING.wait(1)

    def on_connection_error(self, error: Exception, interval: float) -> None:
        log.warning("the broker is away, tried again in %s s: %s", interval, describe_failure(error))

    def get_consumers(self, consumer_cls: Any, channel: Any) -> Any:
        declare_where_allowed(channel.connection.client, *(provider.queue for provider in self._providers))
        for provider in self._providers:
            provider.forget()
            prefetch = 2 * settings().batch_size
            self._consumers[provider] = make_consumer(channel, provider.queue, provider.arrived, prefetch)
        return self._consumers.values()


class Subscription(Entrypoint):
    """Calls the decorated method with the bodies that arrived; it returns what `handle_batch` returns."""

    queue_consumer = BatchConsumer()

    def __init__(self, reactions: Reactions, **options: Any) -> None:
        self.reactions = reactions
        self.queue = queue_of(reactions)
        self._deliveries = Deliveries(settings().batch_size)
        self._busy = False
        self._stopping = False
        self._alarm: Any = None
        super().__init__(**options)

    def setup(self) -> None:
        self.queue_consumer.register_provider(self)

    def stop(self) -> None:
        self._stopping = True
        self.queue_consumer.unregister_provider(self)

    def arrived(self, message: Any) -> None:
        """Keep a message that has arrived, and see that a worker comes for it."""
        self._deliveries.add_arrived(message)
        self._start()

    def forget(self) -> None:
        """The channel is a new one: what was not acknowledged comes again."""
        self._deliveries.forget_all()

    def _start(self) -> None:
        if self._busy or self._stopping:
            return
        wait = self._deliveries.seconds_to_next()
        if wait is None:
            return
        if wait > 0:
            self._start_in(wait)
            return
        self._busy = True
        eventlet.spawn_n(self._spawn)  # after the other messages that have already arrived

    def _start_in(self, seconds: float) -> None:
        """Something waits to be tried again: look once more then, unless a message comes first."""
        if self._alarm is not None:
            self._alarm.cancel()
        self._alarm = eventlet.spawn_after(seconds, self._start)

    def _spawn(self) -> None:
        batch = None if self._stopping else self._deliveries.take_batch()
        if batch is None:
            self._busy = False
            return
        try:
            self.container.spawn_worker(self, (batch.bodies,), {}, handle_result=partial(self._handled, batch))
        except Exception as error:  # the container is being stopped
            self._handled(batch, None, None, (type(error), error, error.__traceback__))

    def _handled(self, batch: Batch, _context: Any, result: Any, exc_info: Any) -> tuple[Any, Any]:
        """`result` is what `handle_batch` says made the batch fail; None when it was taken in."""
        self._busy = False
        error = exc_info[1] if exc_info else result
        if error is None:
            self._deliveries.note_success(batch)
        elif not self._stopping and not STOPPING.is_set():
            self._deliveries.note_failure(batch, error)
        self._start()
        return result, exc_info


subscribe = Subscription.decorator
