"""What an agency's user may do at a real broker: read the public stream, and nothing else (decision 43)."""

import importlib
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote, urlsplit

import httpx
import pytest

from kompeten.services import NAMES
from shared.messaging.topology import EVENTS, PUBLIC, PUBLIC_STREAM
from tests.integration.agencies.scene import VHOST, Body

amqp: Any = importlib.import_module("amqp")
REFUSED = amqp.AccessRefused
Open = Callable[[], Any]


def connected(address: str, vhost: str = VHOST) -> Any:
    parts = urlsplit(address)
    connection = amqp.Connection(
        host=f"{parts.hostname}:{parts.port}",
        userid=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        virtual_host=vhost,
        confirm_publish=True,
    )
    try:
        connection.connect()
    except amqp.AMQPError:
        connection.collect()
        raise
    return connection


@pytest.fixture(scope="module")
def body(lasting_body: Body) -> Body:
    return lasting_body


@pytest.fixture(scope="module")
def agency(body: Body) -> dict[str, str]:
    return body.agency("add", "perpusnas", "--contact", "perpusnas@contoh.test")


@pytest.fixture
def channel(agency: dict[str, str]) -> Iterator[Open]:
    """A new channel each time: a refusal closes it."""
    connection = connected(agency["AMQP_URL"])
    yield connection.channel
    connection.close()


def read(channel: Any, offset: Any, expected: int, seconds: float = 10) -> list[str]:
    """Ids of what comes, until so many have."""
    got: list[str] = []

    def take(message: Any) -> None:
        got.append(message.properties["message_id"])
        channel.basic_ack(message.delivery_tag)

    channel.basic_qos(0, 50, False)
    channel.basic_consume(PUBLIC_STREAM.name, callback=take, arguments={"x-stream-offset": offset})
    end = time.monotonic() + seconds
    while len(got) < expected and time.monotonic() < end:
        try:
            channel.connection.drain_events(timeout=0.5)
        except TimeoutError:
            continue
    return got


def test_it_reads_the_stream_from_the_beginning(body: Body, channel: Open) -> None:
    body.tell(20)
    assert read(channel(), "first", len(body.history)) == body.history


def test_it_reads_on_from_where_it_was(body: Body, channel: Open) -> None:
    ids = body.tell(10)
    where = len(body.history) - 4
    assert read(channel(), where, 4) == ids[6:]


def test_it_reads_from_a_moment_on(body: Body, channel: Open) -> None:
    """A stream finds a moment by chunks, each written at once: what is older than the chunk is not read."""
    before = body.tell(3)
    time.sleep(2.1)
    moment = datetime.now(UTC) - timedelta(seconds=1)
    after = body.tell(3)
    assert read(channel(), moment, 3) == after
    assert read(channel(), moment - timedelta(days=30), len(body.history))[-6:] == before + after


@pytest.mark.parametrize("queue", [f"kompeten.{service}" for service in NAMES] + ["kompeten.dead"])
def test_no_other_queue_is_read(channel: Open, queue: str) -> None:
    with pytest.raises(REFUSED):
        channel().basic_get(queue)
    with pytest.raises(REFUSED):
        channel().basic_consume(queue, callback=lambda _: None)


@pytest.mark.parametrize(
    ("exchange", "key"),
    [
        (PUBLIC.name, "id.kompeten.public.certificate_issued.v1"),
        (EVENTS.name, "id.kompeten.certificate.certificate_issued.v1"),
        ("", PUBLIC_STREAM.name),
        ("", "kompeten.certificate"),
        ("amq.topic", "x"),
    ],
)
def test_nothing_is_published(channel: Open, exchange: str, key: str) -> None:
    with pytest.raises(REFUSED):
        channel().basic_publish(amqp.Message("{}"), exchange=exchange, routing_key=key)


def test_nothing_is_declared_bound_emptied_or_deleted(channel: Open) -> None:
    stream = PUBLIC_STREAM.name
    attempts: list[Callable[[Any], Any]] = [
        lambda to: to.queue_declare("mine", durable=True, auto_delete=False),
        lambda to: to.queue_declare("", exclusive=True),
        lambda to: to.queue_declare("kompeten.mine", durable=True, auto_delete=False),
        lambda to: to.exchange_declare("mine", "topic", durable=True, auto_delete=False),
        lambda to: to.queue_bind(stream, EVENTS.name, "#"),
        lambda to: to.queue_bind("kompeten.certificate", PUBLIC.name, "#"),
        lambda to: to.queue_unbind(stream, PUBLIC.name, "#"),
        lambda to: to.exchange_bind(PUBLIC.name, EVENTS.name, "#"),
        lambda to: to.queue_delete(stream),
        lambda to: to.exchange_delete(PUBLIC.name),
        lambda to: to.queue_delete("kompeten.certificate"),
        lambda to: to.queue_purge("kompeten.certificate"),
    ]
    for attempt in attempts:
        with pytest.raises(REFUSED):
            attempt(channel())


def test_the_stream_cannot_be_emptied(body: Body, agency: dict[str, str], channel: Open) -> None:
    """Reading covers emptying a queue; a stream refuses that to everybody, and closes the connection."""
    body.tell(2)
    other = connected(agency["AMQP_URL"])
    with pytest.raises(amqp.AMQPNotImplementedError):
        other.channel().queue_purge(PUBLIC_STREAM.name)
    other.collect()
    assert read(channel(), "first", len(body.history)) == body.history


def test_no_other_vhost_and_no_management(body: Body, agency: dict[str, str]) -> None:
    with pytest.raises(amqp.exceptions.NotAllowed):
        connected(agency["AMQP_URL"], vhost="/")
    parts = urlsplit(agency["AMQP_URL"])
    answer = httpx.get(
        f"http://127.0.0.1:{body.broker.management_port}/api/overview",
        auth=(parts.username or "", unquote(parts.password or "")),
    )
    assert answer.status_code == 401


def test_one_agency_cannot_use_up_the_brokers_connections(agency: dict[str, str]) -> None:
    opened = [connected(agency["AMQP_URL"]) for _ in range(10)]
    with pytest.raises(amqp.exceptions.NotAllowed):
        connected(agency["AMQP_URL"])
    for connection in opened:
        connection.close()


def test_after_a_rotation_the_earlier_password_is_no_good(body: Body) -> None:
    body.tell(1)
    earlier, newer = body.agency("add", "bnsp"), body.agency("rotate", "bnsp")
    with pytest.raises(REFUSED):
        connected(earlier["AMQP_URL"])
    connection = connected(newer["AMQP_URL"])
    assert read(connection.channel(), "first", len(body.history)) == body.history
    connection.close()


def test_a_removed_agency_is_cut_off_at_once(body: Body) -> None:
    connection = connected(body.agency("add", "kemnaker")["AMQP_URL"])
    channel = connection.channel()
    channel.basic_qos(0, 1, False)
    channel.basic_consume(PUBLIC_STREAM.name, callback=lambda _: None, arguments={"x-stream-offset": "next"})
    assert body.run("remove", "kemnaker").returncode == 0
    with pytest.raises((amqp.exceptions.ConnectionForced, OSError)):
        wait_for_the_end(connection)
    connection.collect()


def wait_for_the_end(connection: Any) -> None:
    for _ in range(20):
        with suppress(TimeoutError):
            connection.drain_events(timeout=0.5)
