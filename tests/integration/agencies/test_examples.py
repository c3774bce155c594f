"""The example subscribers, as an agency runs them: killed in the middle, started again, nothing missed or doubled."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from kombu import Connection
from sqlalchemy import select

from services.certificate.agencies.models import PublicEvent
from shared.messaging.models import PUBLIC_EXCHANGE
from shared.messaging.relay import Publisher
from shared.messaging.topology import PUBLIC_STREAM
from tests import node
from tests.end_to_end.systems import ROOT
from tests.integration.agencies.scene import VHOST, Body

EXAMPLES = ROOT / "examples" / "agency"


class Subscriber(ABC):
    """One example program with the file it keeps."""

    def __init__(self, folder: Path, address: str) -> None:
        self.folder, self.address = folder, address
        self.process: subprocess.Popen[bytes] | None = None

    @abstractmethod
    def command(self) -> list[str]:
        """The program and its file."""

    @abstractmethod
    def heard(self) -> list[str]:
        """Ids of the events it has kept, in order."""

    def start(self, begin: str = "") -> None:
        environment = {"PATH": os.environ["PATH"], "AMQP_URL": self.address}
        self.process = subprocess.Popen([*self.command(), *([begin] if begin else [])], env=environment, cwd=ROOT)

    def end(self, how: signal.Signals) -> int:
        assert self.process is not None
        self.process.send_signal(how)
        return self.process.wait(20)

    def wait_for(self, number: int, seconds: float = 30) -> list[str]:
        """What it has kept, once it has so many."""
        until = time.monotonic() + seconds
        while len(self.heard()) < number and time.monotonic() < until:
            time.sleep(0.02)
        return self.heard()


class InPython(Subscriber):
    @property
    def file(self) -> Path:
        return self.folder / "events.sqlite3"

    def command(self) -> list[str]:
        return [sys.executable, str(EXAMPLES / "python" / "subscriber.py"), str(self.file)]

    def heard(self) -> list[str]:
        if not self.file.exists():
            return []
        with sqlite3.connect(self.file, timeout=10) as store:
            known = store.execute("SELECT 1 FROM sqlite_master WHERE name = 'place'").fetchone()
            rows = store.execute("SELECT id FROM event ORDER BY rowid").fetchall() if known else []
        store.close()
        return [row[0] for row in rows]


class InNode(Subscriber):
    @property
    def file(self) -> Path:
        return self.folder / "events.jsonl"

    def command(self) -> list[str]:
        """Copied beside the modules, which the example itself would get by `npm install`."""
        found, program = node.node(), self.folder / "subscriber.mjs"
        if not program.exists():
            program.write_bytes((EXAMPLES / "node" / "subscriber.mjs").read_bytes())
            (self.folder / "node_modules").symlink_to(node.MODULES)
        return [found, str(program), str(self.file)]

    def heard(self) -> list[str]:
        text = self.file.read_text() if self.file.exists() else ""
        return [json.loads(line)["event"]["id"] for line in text.splitlines(keepends=True) if line.endswith("\n")]


@pytest.fixture(scope="module")
def body(lasting_body: Body) -> Body:
    return lasting_body


@pytest.fixture(scope="module")
def address(body: Body) -> str:
    return body.agency("add", "perpusnas")["AMQP_URL"]


@pytest.fixture(params=[InPython, InNode], ids=["python", "node"])
def subscriber(request: pytest.FixtureRequest, address: str, body: Body, tmp_path: Path) -> Iterator[Subscriber]:
    made: Subscriber = request.param(tmp_path, address)
    yield made
    if made.process is not None and made.process.poll() is None:
        made.process.kill()
        made.process.wait(10)


def test_it_keeps_everything_from_the_beginning(subscriber: Subscriber, body: Body) -> None:
    body.tell(30)
    subscriber.start()
    assert subscriber.wait_for(len(body.history)) == body.history
    body.tell(5)
    assert subscriber.wait_for(len(body.history)) == body.history
    assert subscriber.end(signal.SIGTERM) == 0


def test_killed_in_the_middle_it_misses_nothing_and_keeps_nothing_twice(subscriber: Subscriber, body: Body) -> None:
    body.tell(400)
    for _ in range(4):
        subscriber.start()
        subscriber.wait_for(len(subscriber.heard()) + 40)
        subscriber.end(signal.SIGKILL)
        body.tell(3)
    subscriber.start()
    assert subscriber.wait_for(len(body.history)) == body.history


def test_what_is_published_twice_is_kept_once(subscriber: Subscriber, body: Body) -> None:
    """A relay that dies between the broker's confirm and its own mark publishes again."""
    body.tell(3)
    publish_again(body, 5)
    subscriber.start()
    body.tell(1)
    assert subscriber.wait_for(len(body.history)) == body.history


def test_it_begins_at_a_moment(subscriber: Subscriber, body: Body) -> None:
    body.tell(2)
    time.sleep(2.1)
    moment = datetime.now(UTC) - timedelta(seconds=1)
    after = body.tell(3)
    subscriber.start(moment.isoformat())
    assert subscriber.wait_for(3) == after


def test_it_can_begin_with_what_is_new(subscriber: Subscriber, body: Body) -> None:
    body.tell(2)
    subscriber.start("next")
    wait_until_it_reads(body)
    new = body.tell(2)
    assert subscriber.wait_for(2) == new


def test_reading_again_from_the_first_changes_nothing(subscriber: Subscriber, body: Body) -> None:
    body.tell(3)
    subscriber.start()
    subscriber.wait_for(len(body.history))
    subscriber.end(signal.SIGTERM)
    subscriber.start("first")
    body.tell(2)
    assert subscriber.wait_for(len(body.history)) == body.history


def test_it_comes_back_when_the_broker_does(subscriber: Subscriber, body: Body) -> None:
    body.tell(2)
    subscriber.start()
    subscriber.wait_for(len(body.history))
    body.broker.restart()
    body.tell(2)
    assert subscriber.wait_for(len(body.history), 60) == body.history


def test_the_python_one_knows_the_state_of_every_certificate(address: str, body: Body, tmp_path: Path) -> None:
    subscriber = InPython(tmp_path, address)
    body.tell(2)
    subscriber.start()
    subscriber.wait_for(len(body.history))
    subscriber.end(signal.SIGTERM)
    store = sqlite3.connect(subscriber.file)
    states = store.execute("SELECT number, status, holder FROM certificate").fetchall()
    store.close()
    assert states == [("91011 2622 5 000001 2026", "valid", "SITI CONTOH")]


def publish_again(body: Body, number: int) -> None:
    """The latest events once more, as they were."""
    with body.database.reading() as session:
        kept = session.scalars(select(PublicEvent).where(PublicEvent.id.in_(body.history[-number:]))).all()
    with Connection(body.address) as connection:
        Publisher(connection).publish(PUBLIC_EXCHANGE, [(str(event.id), event.type, event.envelope) for event in kept])


def wait_until_it_reads(body: Body, seconds: float = 15) -> None:
    """Until the stream has a consumer."""
    until = time.monotonic() + seconds
    while consumers(body) == 0:
        assert time.monotonic() < until
        time.sleep(0.2)


def consumers(body: Body) -> int:
    listed = body.broker.control("list_queues", "-q", "--no-table-headers", "-p", VHOST, "name", "consumers")
    return int(dict(line.split("\t") for line in listed.splitlines())[PUBLIC_STREAM.name])
