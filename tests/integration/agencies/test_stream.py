"""What is for other agencies reaches their stream, or stays where it is."""

import json

from kombu import Connection

from kompeten.topology import declare_topology
from services.certificate.agencies.webhooks import number_new_events
from shared.contracts.public import CertificateIssued
from shared.messaging.topology import PUBLIC, PUBLIC_STREAM
from tests.integration.agencies.scene import Body
from tests.unit.certificate.agencies.scene import second_version, titled, told


def test_what_does_not_reach_the_stream_is_kept_and_published_later(body: Body) -> None:
    """This failure mode means the broker confirmed an event that it had thrown away: nobody would ever read it."""
    with Connection(body.address) as connection:
        connection.channel().queue_unbind(PUBLIC_STREAM.name, PUBLIC.name, "#")
        ids = [told(body.database) for _ in range(3)]
        assert body.publish() == 3
        declare_topology(connection)
        assert body.publish() == 0
        assert stored(connection, 3) == ids


def test_a_stream_that_was_lost_is_filled_again_from_the_register(body: Body) -> None:
    ids = body.tell(5)
    number_new_events(body.database)
    with Connection(body.address) as connection:
        connection.channel().queue_delete(PUBLIC_STREAM.name)
        done = body.run("refill", "--yes")
        assert done.returncode == 0, done.stderr
        assert done.stdout.startswith("5 events")
        assert stored(connection, 5) == ids


def test_both_versions_of_an_event_are_in_the_stream(body: Body) -> None:
    """A program that knows the first version reads on, one that knows the second begins."""
    with second_version() as kind, Connection(body.address) as connection:
        told(body.database, titled(kind))
        assert body.publish() == 0
        types = stored(connection, 2, "type")
    assert types == [kind.type, CertificateIssued.type]


def stored(connection: Connection, number: int, attribute: str = "id") -> list[str]:
    """An attribute of each event, from the first."""
    got: list[str] = []
    channel = connection.channel()
    channel.basic_qos(0, 10, False)
    channel.basic_consume(
        PUBLIC_STREAM.name,
        callback=lambda message: got.append(json.loads(message.body)[attribute]),
        arguments={"x-stream-offset": "first"},
    )
    while len(got) < number:
        connection.drain_events(timeout=10)
    return got
