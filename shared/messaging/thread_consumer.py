"""The way in, on plain kombu: one thread holds the connection, another handles one batch after the other.

The connection is used by its own thread alone: it reads what has arrived, answers heartbeats while a batch is in hand,
and acknowledges; the end of a batch wakes it through a pipe.
"""

import logging
import os
import select
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from threading import Event as Flag

from kombu import Connection

from shared.database.unit import Database
from shared.messaging.consumer import STOPPING, Batch, Deliveries, handle_batch
from shared.messaging.failures import describe_failure
from shared.messaging.reactions import Reactions
from shared.messaging.reading import make_consumer
from shared.messaging.topology import connect_broker, declare_where_allowed, queue_of
from shared.settings import settings

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
"""How long the connection's thread sleeps at most: heartbeats are looked after as often."""
MEMORY_SECONDS = 0.01
"""How long it sleeps at most where the broker is inside this process, and nothing wakes it for a message."""


class ThreadConsumer:
    """Takes in what `reactions` listens to, until told to stop."""

    def __init__(self, database: Database, reactions: Reactions) -> None:
        self.database = database
        self.reactions = reactions
        self.queue = queue_of(reactions)
        self._deliveries = Deliveries(settings().batch_size)
        self._stopping = Flag()
        self._worker = ThreadPoolExecutor(1, thread_name_prefix=f"batches of {reactions.service}")
        self._in_hand: tuple[Batch, Future[BaseException | None]] | None = None
        self._wake_reader, self._wake_writer = os.pipe2(os.O_NONBLOCK)

    def stop(self) -> None:
        """End after the batch in hand; what else has arrived goes back to the broker."""
        self._stopping.set()
        self._wake()

    def run(self) -> None:
        """Consume until told to stop; reconnect for ever, one line for each connection that is lost."""
        while not self._stopping.is_set():
            connection = connect_broker(settings())
            try:
                with connection:
                    connection.ensure_connection(max_retries=1)
                    self._consume(connection)
            except Exception as error:  # a socket closed under us is no error of the broker's, and no reason to end
                log.warning("the connection to the broker is lost: %s", describe_failure(error))
                self._stopping.wait(1)
        self._worker.shutdown()

    def _consume(self, connection: Connection) -> None:
        declare_where_allowed(connection, self.queue)
        channel = connection.channel()
        self._deliveries.forget_all()
        make_consumer(channel, self.queue, self._deliveries.add_arrived, 2 * settings().batch_size).consume()
        while not self._stopping.is_set() or self._in_hand:
            self._settle()
            self._start()
            self._wait(connection)

    def _start(self) -> None:
        """Hand the next batch to the worker, unless it has one."""
        if self._in_hand or self._stopping.is_set():
            return
        batch = self._deliveries.take_batch()
        if batch is not None:
            future = self._worker.submit(handle_batch, self.database, self.reactions, batch.bodies)
            self._in_hand = batch, future
            future.add_done_callback(lambda _: self._wake())

    def _settle(self) -> None:
        """Acknowledge the batch that has ended, or note that it failed."""
        if self._in_hand is None or not self._in_hand[1].done():
            return
        batch, future = self._in_hand
        self._in_hand = None
        error = future.exception() or future.result()
        if error is None:
            self._deliveries.note_success(batch)
        elif not self._stopping.is_set() and not STOPPING.is_set():
            self._deliveries.note_failure(batch, error)

    def _wait(self, connection: Connection) -> None:
        """Until something has arrived (then take in all of it), the batch in hand has ended, or a retry is due."""
        seconds = LOOK_SECONDS
        if self._in_hand is None and (due := self._deliveries.seconds_to_next()) is not None:
            seconds = min(seconds, due)
        if connection.transport.driver_type != "amqp":
            with suppress(TimeoutError):
                connection.drain_events(timeout=min(seconds, MEMORY_SECONDS) or 0.001)
            return
        ready, _, _ = select.select([connection.connection.sock, self._wake_reader], [], [], seconds)
        if self._wake_reader in ready:
            os.read(self._wake_reader, 4096)
        if connection.connection.sock in ready:
            self._drain(connection)
        connection.heartbeat_check()

    def _drain(self, connection: Connection) -> None:
        """Read the frames that have arrived, at most as many as make a prefetch: the batch in hand may have ended."""
        with suppress(TimeoutError):
            for _ in range(2 * settings().batch_size):
                connection.drain_events(timeout=0.0005)

    def _wake(self) -> None:
        with suppress(BlockingIOError):  # a full pipe wakes as well
            os.write(self._wake_writer, b"!")
