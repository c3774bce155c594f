"""Exchanges and queues of the broker, the same whoever declares them.

Every service's queue exists before the first event is published, so that a service which has never run yet misses
nothing. Queues are quorum queues with a delivery limit nobody reaches: RabbitMQ 4 would drop a message after 20 tries.
"""

import logging
from collections.abc import Callable, Iterable
from typing import Any

from amqp.exceptions import AccessRefused, NotFound
from kombu import Connection, Exchange, Queue, binding

from shared.messaging.models import EVENTS_EXCHANGE, PUBLIC_EXCHANGE
from shared.messaging.reactions import Reactions
from shared.settings import Settings

log = logging.getLogger(__name__)

EVENTS = Exchange(EVENTS_EXCHANGE, type="topic", durable=True)
PUBLIC = Exchange(PUBLIC_EXCHANGE, type="topic", durable=True)
DEAD = Exchange("kompeten.dead", type="fanout", durable=True)
_QUORUM = {"x-queue-type": "quorum", "x-delivery-limit": 1_000_000, "x-dead-letter-exchange": DEAD.name}


def queue_of(reactions: Reactions) -> Queue:
    """The queue of one service, bound to the facts it reacts to; its replicas compete for it."""
    return Queue(
        f"kompeten.{reactions.service}",
        EVENTS,
        bindings=[binding(EVENTS, routing_key=fact_type) for fact_type in reactions.types],
        durable=True,
        queue_arguments=_QUORUM,
    )


DEAD_QUEUE = Queue("kompeten.dead", DEAD, durable=True, queue_arguments={"x-queue-type": "quorum"})
PUBLIC_STREAM = Queue(
    "kompeten.public.stream",
    PUBLIC,
    routing_key="#",
    durable=True,
    queue_arguments={"x-queue-type": "stream", "x-max-age": "3650D"},
)


_list_expected: Callable[[], Iterable[Queue]] = tuple


def expect_queues(list_queues: Callable[[], Iterable[Queue]]) -> None:
    """Name the queues that must be there before this process publishes: those of all services of the system.

    Who puts the services together says it once, before they start. `list_queues` is called when the broker lets this
    user declare things, not before: in a deployment it does not.
    """
    global _list_expected
    _list_expected = list_queues


def declare_queues(connection: Connection, *own: Queue) -> None:
    """Declare the exchanges, the expected queues and one's own. Safe to repeat."""
    with connection.channel() as channel:
        for exchange in (EVENTS, PUBLIC, DEAD):
            exchange(channel).declare()
    durable = [DEAD_QUEUE, PUBLIC_STREAM] if connection.transport.driver_type == "amqp" else []
    for queue in {queue.name: queue for queue in [*_list_expected(), *durable, *own]}.values():
        _declare_queue(connection, queue)


def _declare_queue(connection: Connection, queue: Queue) -> None:
    """One that exists and that the broker has not brought back yet, after a crash, keeps nobody from the others."""
    with connection.channel() as channel:
        try:
            queue(channel).declare()
        except NotFound:
            log.warning("queue %s is there, but the broker cannot reach it now", queue.name)


def declare_where_allowed(connection: Connection, *own: Queue) -> bool:
    """Declare everything, unless this user may not: then `kompeten topology declare` has done it, as in a deployment,
    where a service's user reads its own queue, publishes its own facts, and nothing else. Whether it was declared.
    """
    try:
        declare_queues(connection, *own)
    except AccessRefused:
        return False
    return True


def connect_broker(config: Settings, **options: Any) -> Connection:
    """A connection to the broker; its password comes from the secret file."""
    password = config.secret(config.broker_password_file)
    transport_options = {"polling_interval": 0.005} if config.embedded else {"confirm_publish": False}
    return Connection(
        "memory://localhost" if config.embedded else config.broker_url,
        password=password or None,
        heartbeat=0 if config.embedded else 20,
        connect_timeout=5,
        transport_options=transport_options,
        **options,
    )


def connect_as_admin(config: Settings) -> Connection:
    """A connection of the broker's administrator, for what an operator does by hand."""
    as_admin = config.model_copy(update={"broker_password_file": config.broker_admin_password_file})
    return connect_broker(as_admin, userid=config.broker_admin)
