"""`kompeten dead-letters rejected` on a real broker: what no consumer could settle has a way out."""

import time
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from click.testing import CliRunner, Result
from kombu import Connection

from kompeten.commands.dead_letters import dead_letters
from kompeten.topology import declare_topology
from shared.messaging.topology import DEAD_QUEUE, connect_as_admin
from shared.settings import settings

QUEUE = "kompeten.decision"
BODY = b'{"type": "id.kompeten.assessment.recommended.v1", "data": {"name": "Sari (contoh)"}}'


@pytest.fixture
def broker(rabbitmq_vhost: Callable[[], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Connection]:
    """A vhost of this test's own with every queue in it, as its administrator sees it."""
    url = rabbitmq_vhost()
    parts = urlsplit(url)
    (tmp_path / "password").write_text(unquote(parts.password or ""))
    without_password = f"amqp://{parts.hostname}:{parts.port or 5672}{parts.path}"
    monkeypatch.setenv("KOMPETEN_BROKER_URL", without_password)
    monkeypatch.setenv("KOMPETEN_BROKER_ADMIN", unquote(parts.username or ""))
    monkeypatch.setenv("KOMPETEN_BROKER_ADMIN_PASSWORD_FILE", str(tmp_path / "password"))
    settings.cache_clear()
    with connect_as_admin(settings()) as connection:
        declare_topology(connection)
        yield connection
    settings.cache_clear()


def reject(connection: Connection, body: bytes = BODY, queue: str = QUEUE) -> None:
    """A message that lies in a queue and that its consumer rejects for good."""
    channel: Any = connection.channel()
    channel.basic_publish(channel.prepare_message(body, headers={"own": "kept"}), exchange="", routing_key=queue)
    message = None
    while message is None:
        message = channel.basic_get(queue)
    channel.basic_reject(message.delivery_tag, requeue=False)
    while not channel.queue_declare(DEAD_QUEUE.name, passive=True).message_count:
        pass
    channel.close()


def count(connection: Connection, queue: str) -> int:
    with connection.channel() as channel:
        return int(channel.queue_declare(queue, passive=True).message_count)


def await_count(connection: Connection, queue: str, wanted: int) -> int:
    """The broker gives back what a closed channel held a moment later; at most five seconds."""
    for _ in range(100):
        if count(connection, queue) == wanted:
            break
        time.sleep(0.05)
    return count(connection, queue)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(dead_letters, ["rejected", *arguments])


def test_the_list_describes_and_shows_no_body(broker: Connection) -> None:
    reject(broker)
    for _ in range(2):
        assert await_count(broker, DEAD_QUEUE.name, 1) == 1
        result = run()
        assert result.exit_code == 0, result.output
        line, told = result.output.splitlines()
        assert line.split("\t")[:3] == [QUEUE, "id.kompeten.assessment.recommended.v1", f"{len(BODY)} bytes"]
        assert line.endswith(sha256(BODY).hexdigest())
        assert told == "1 rejected"
        assert "Sari" not in result.output


def test_what_is_returned_is_in_its_queue_again_as_it_was(broker: Connection) -> None:
    reject(broker)
    result = run("--return")
    assert result.exit_code == 0, result.output
    assert "\treturned\n" in result.output
    assert count(broker, DEAD_QUEUE.name) == 0
    with broker.channel() as channel:
        message = channel.basic_get(QUEUE, no_ack=True)
        assert bytes(message.body.encode() if isinstance(message.body, str) else message.body) == BODY
        headers = message.properties["application_headers"]
        assert headers["own"] == "kept"
        assert not [name for name in headers if "death" in name]


def test_what_no_queue_takes_any_more_stays(broker: Connection) -> None:
    """This failure mode means a message published to nowhere, confirmed, and acknowledged: lost."""
    reject(broker)
    with broker.channel() as channel:
        channel.queue_delete(QUEUE)
    result = run("--return")
    assert result.exit_code == 1
    assert "1 stay" in result.output
    assert await_count(broker, DEAD_QUEUE.name, 1) == 1


def test_one_alone_is_discarded_by_its_digest(broker: Connection) -> None:
    reject(broker, b"\x00 no json")
    reject(broker)
    assert await_count(broker, DEAD_QUEUE.name, 2) == 2
    result = run("--discard", "--yes", "--only", sha256(b"\x00 no json").hexdigest()[:12])
    assert result.exit_code == 0, result.output
    assert "\tunreadable\t" in result.output
    assert await_count(broker, DEAD_QUEUE.name, 1) == 1
    assert run().output.endswith("1 rejected\n")


def test_without_the_administrator_a_sentence_says_so(
    broker: Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "password").write_text("wrong")
    result = run()
    assert result.exit_code == 1
    assert "Error: kompeten.dead cannot be reached" in result.output
