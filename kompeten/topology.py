"""Exchanges and queues of the whole system on the broker."""

from kombu import Connection, Queue

from kompeten.services import list_services
from shared.messaging import topology
from shared.messaging.reactions import Reactions


def list_reactions() -> list[Reactions]:
    """What each listening service reacts to."""
    return [service.reactions for service in list_services() if service.reactions is not None]


def list_queues() -> list[Queue]:
    """The queue of each listening service."""
    return [topology.queue_of(reactions) for reactions in list_reactions()]


def declare_topology(connection: Connection) -> None:
    """Declare every exchange, and the queue of every service. Safe to repeat."""
    topology.declare_queues(connection, *list_queues())


def expect_all_services() -> None:
    """Let whatever publishes from this process make the queues of all services first, where its user may.

    An event told before its reader has ever run would be lost otherwise.
    """
    topology.expect_queues(list_queues)
