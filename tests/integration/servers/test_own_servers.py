"""Servers of a test's own: broken, mended, and gone afterwards."""

import importlib
import io
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psycopg2
import pytest

from tests.servers import answers, guardian
from tests.servers.own_postgres import OwnPostgres
from tests.servers.own_rabbitmq import OwnRabbitMQ
from tests.servers.own_s3 import OwnS3

PROJECT = Path(__file__).parents[3]


def execute(url: str, statement: str) -> list[tuple[Any, ...]]:
    connection = psycopg2.connect(url.replace("+psycopg2", ""))
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


def test_postgres_keeps_what_was_committed_before_it_was_killed(own_postgres: OwnPostgres) -> None:
    database = own_postgres.fresh()
    execute(database, "create table kept (number integer)")
    execute(database, "insert into kept values (17)")
    own_postgres.kill()
    assert not answers.postgres(database)
    own_postgres.start()
    assert execute(database, "select number from kept") == [(17,)]


def test_postgres_comes_back_at_the_same_address_after_a_restart(own_postgres: OwnPostgres) -> None:
    address = own_postgres.url
    own_postgres.restart()
    assert own_postgres.url == address
    assert answers.postgres(address)


def test_a_paused_postgres_answers_nobody_until_it_goes_on(own_postgres: OwnPostgres) -> None:
    own_postgres.pause()
    assert not answers.postgres(own_postgres.url)
    own_postgres.resume()
    assert answers.postgres(own_postgres.url)


def publish_durably(url: str, queue: str) -> None:
    amqp: Any = importlib.import_module("amqp")
    with amqp.Connection(host=url.split("@")[1].strip("/"), confirm_publish=True) as connection:
        channel = connection.channel()
        channel.queue_declare(queue, durable=True, auto_delete=False, arguments={"x-queue-type": "quorum"})
        channel.basic_publish(amqp.Message("contoh", delivery_mode=2), routing_key=queue)


def take(url: str, queue: str) -> str | None:
    amqp: Any = importlib.import_module("amqp")
    with amqp.Connection(host=url.split("@")[1].strip("/")) as connection:
        try:
            message = connection.channel().basic_get(queue, no_ack=True)
        except amqp.exceptions.InternalError:
            return None  # the queue has not found its leader again
        return None if message is None else str(message.body)


def test_rabbitmq_keeps_a_confirmed_message_through_a_kill(own_rabbitmq: OwnRabbitMQ) -> None:
    publish_durably(own_rabbitmq.url, "kept")
    time.sleep(2)  # RabbitMQ 3.10 forgets a quorum queue that is killed within half a second of its declaration
    own_rabbitmq.kill()
    assert not answers.rabbitmq(own_rabbitmq.url)
    own_rabbitmq.start()
    limit = time.monotonic() + 60
    while (body := take(own_rabbitmq.url, "kept")) is None and time.monotonic() < limit:
        time.sleep(0.2)
    assert body == "contoh"


def test_rabbitmq_is_empty_for_each_test_and_has_its_management_api(own_rabbitmq: OwnRabbitMQ) -> None:
    assert own_rabbitmq.ask("GET", "/api/queues") == []
    assert [user["name"] for user in own_rabbitmq.ask("GET", "/api/users")] == ["guest"]
    assert "/" in own_rabbitmq.control("list_vhosts", "-q")


def test_two_rabbitmq_nodes_live_side_by_side(own_rabbitmq: OwnRabbitMQ) -> None:
    with OwnRabbitMQ() as other:
        publish_durably(other.url, "theirs")
        assert own_rabbitmq.ask("GET", "/api/queues") == []
        assert [queue["name"] for queue in other.ask("GET", "/api/queues")] == ["theirs"]


def test_the_s3_server_starts_again_empty_after_a_kill(own_s3: OwnS3) -> None:
    client = answers.s3_client(own_s3.address)
    client.make_bucket(bucket_name="contoh")
    client.put_object(bucket_name="contoh", object_name="a", data=io.BytesIO(b"a"), length=1)
    own_s3.kill()
    assert not answers.s3(own_s3.address)
    own_s3.start()
    assert answers.s3_client(own_s3.address).list_buckets() == []


BROKEN_OFF = """
import time
from tests.servers.own_postgres import OwnPostgres
with OwnPostgres() as server:
    print(server.mark, server.directory, flush=True)
    time.sleep(60)
"""


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_a_server_does_not_outlive_a_killed_test_run(how: signal.Signals) -> None:
    run = subprocess.Popen(
        [sys.executable, "-c", BROKEN_OFF],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert run.stdout is not None
    mark, directory = run.stdout.readline().split()
    assert guardian.members(mark)
    run.send_signal(how)
    run.wait(10)
    run.stdout.close()
    limit = time.monotonic() + 15
    while (guardian.members(mark) or Path(directory).exists()) and time.monotonic() < limit:
        time.sleep(0.1)
    assert guardian.members(mark) == []
    assert not Path(directory).exists()
