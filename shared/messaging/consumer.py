"""What has arrived and is not settled yet: batches of it, and the acknowledgement of exactly what succeeded.

This knows neither nameko nor threads; the runners' edges call it (`entrypoint.py` for nameko). A batch that fails is
never acknowledged with a later one: each of its messages is tried again alone, after a pause that grows, while the
others go on; one that fails `TRIES` times alone is rejected, so that the broker lays it into `kompeten.dead`.

That is the last net. `inbox.take_in_batch` catches what a reaction raises and keeps the event in the inbox with its
error; what comes out of it here is a fault of our own, or a database that is away (which only waits).
"""

import logging
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Event as Flag
from typing import Any, Protocol

from amqp.exceptions import AMQPError

from shared.database.unit import Database, DatabaseAway
from shared.messaging.admission import Body
from shared.messaging.inbox import take_in_batch
from shared.messaging.pauses import choose_growing_pause
from shared.messaging.reactions import Reactions

log = logging.getLogger(__name__)

STOPPING = Flag()
"""Set when this process has been asked to end: what is held goes back to the broker."""
FIRST_HOLD = 0.2
LONGEST_HOLD = 5.0
"""Seconds between two looks whether the database is back."""

TRIES = 6
"""Tries of a message alone before the broker gets it back as dead: about half a minute."""
FIRST_PAUSE = 1.0
LONGEST_PAUSE = 60.0
"""Seconds before a message is tried alone for the second time, and at most; the pause doubles each time."""


class Message(Protocol):
    """A message as kombu hands it over."""

    body: Body
    delivery_tag: Any
    channel: Any

    def ack(self) -> None:
        """Tell the broker that the message is taken in, so that it need not come again."""

    def reject(self, requeue: bool = False) -> None:
        """Give the message back: to the queue with `requeue`, else to the dead letters."""


@dataclass
class Batch:
    """Messages handled together. `tries` counts how often one was tried alone; 0: with its neighbours."""

    messages: list[Message]
    channel_number: int
    tries: int = 0
    due_at: float = 0.0

    @property
    def bodies(self) -> list[Body]:
        return [message.body for message in self.messages]


@dataclass
class Deliveries:
    """The messages one consumer holds. `largest` is how many go into a batch at most, and how many may wait to be tried
    alone: the broker hands over twice as many at a time.

    One batch is in hand at a time; who uses this from several threads brings a lock.
    """

    largest: int
    now: Callable[[], float] = time.monotonic
    _arrived: deque[Message] = field(default_factory=deque)
    _alone: list[Batch] = field(default_factory=list)
    _channel_number: int = 0

    def add_arrived(self, message: Message) -> None:
        """Keep a message that has just arrived."""
        self._arrived.append(message)

    def forget_all(self) -> None:
        """The channel is a new one: whatever is not acknowledged comes again on it, so nothing old is of use."""
        self._arrived.clear()
        self._alone.clear()
        self._channel_number += 1

    def take_batch(self) -> Batch | None:
        """The next batch to handle: one that is to be tried alone and is due, else what has arrived; None: nothing.

        It never waits for more to arrive.
        """
        for batch in self._alone:
            if batch.due_at <= self.now():
                self._alone.remove(batch)
                return batch
        if not self._arrived:
            return None
        count = min(len(self._arrived), self.largest)
        return Batch([self._arrived.popleft() for _ in range(count)], self._channel_number)

    def seconds_to_next(self) -> float | None:
        """Seconds until `take_batch` has something; 0: now; None: only once another message arrives."""
        if self._arrived:
            return 0.0
        if not self._alone:
            return None
        return max(0.0, min(batch.due_at for batch in self._alone) - self.now())

    def note_success(self, batch: Batch) -> None:
        """Acknowledge the messages of `batch`, and no other."""
        if batch.channel_number != self._channel_number:
            return  # of a channel that is closed: they come again and are known
        last = batch.messages[-1]
        try:
            # "all up to this one" is one frame instead of a hundred, and true only while nothing older is still open
            if not self._alone and not batch.tries and _is_amqp(last):
                last.channel.basic_ack(last.delivery_tag, multiple=True)
            else:
                for message in batch.messages:
                    message.ack()
        except (OSError, AttributeError, AMQPError):
            log.info("%d messages could not be acknowledged: they come again and are known", len(batch.messages))

    def note_failure(self, batch: Batch, error: BaseException) -> None:
        """Try the messages of `batch` again one by one; give back to the broker what failed `TRIES` times alone."""
        if batch.channel_number != self._channel_number:
            return
        tries = batch.tries + 1
        log.error("%d messages failed (%s), try %d", len(batch.messages), type(error).__name__, tries)
        # those that wait fill the window of what the broker hands over: there must be room in it for the others
        if batch.tries >= TRIES or (batch.tries and self._count_waiting() >= self.largest):
            self._reject(batch)
            return
        pause = choose_growing_pause(batch.tries, FIRST_PAUSE, LONGEST_PAUSE) if batch.tries else 0.0
        due_at = self.now() + pause
        self._alone.extend(Batch([message], batch.channel_number, tries, due_at) for message in batch.messages)

    def _count_waiting(self) -> int:
        return sum(batch.due_at > self.now() for batch in self._alone)

    def _reject(self, batch: Batch) -> None:
        try:
            for message in batch.messages:
                message.reject(requeue=False)
        except (OSError, AttributeError, AMQPError):
            log.info("%d messages could not be rejected: they come again", len(batch.messages))


def handle_batch(
    database: Database, reactions: Reactions, bodies: Sequence[Body], pause: float = FIRST_HOLD
) -> BaseException | None:
    """Take a batch in, holding it while the database is away. Returns what made it fail; None when it is taken in.

    Only the end of the process itself (SystemExit, KeyboardInterrupt) comes out as an exception: whatever else happens,
    the caller must learn that this batch was not taken in. Held too long by a process that is to end, the answer is
    DatabaseAway, and the messages go back to the broker unacknowledged.
    """
    holds = 0
    while True:
        try:
            take_in_batch(database, reactions, bodies)
        except DatabaseAway as away:
            log.warning("the database of %s is away (%s): %d events are held", database.service, away, len(bodies))
            holds += 1
            if STOPPING.wait(choose_growing_pause(holds, pause, LONGEST_HOLD)):
                return away
        except (SystemExit, KeyboardInterrupt):
            raise
        except BaseException as error:  # a time-out of eventlet is no Exception
            return error
        else:
            return None


def _is_amqp(message: Message) -> bool:
    return bool(message.channel.connection.client.transport.driver_type == "amqp")
