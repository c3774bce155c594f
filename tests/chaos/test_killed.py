"""A service killed with SIGKILL at the worst moments: what was committed is neither lost nor done twice."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from kombu import Connection

from shared.messaging.models import InboxState
from shared.messaging.signing import HEADER, sign_events
from tests.chaos.ledger import Ledger, killed, ledger_at, until
from tests.servers.fixtures import FreshDatabase


@pytest.fixture(params=["nameko", "threads"])
def runner(request: pytest.FixtureRequest) -> str:
    """Each promise is kept by both runners."""
    chosen: str = request.param
    return chosen


@pytest.fixture
def ledger(
    postgres_url: FreshDatabase, rabbitmq_vhost: Callable[[], str], tmp_path: Path, runner: str
) -> Iterator[Ledger]:
    with ledger_at(postgres_url(), rabbitmq_vhost(), tmp_path, runner) as ledger:
        yield ledger


@pytest.fixture
def embedded(tmp_path: Path, runner: str) -> Iterator[Ledger]:
    """One process, SQLite, and a broker that forgets everything with the process."""
    with ledger_at(f"sqlite:///{tmp_path}/ledger.sqlite3", "memory://", tmp_path, runner) as ledger:
        yield ledger


POINTS = ["before-publish", "before-mark", "before-commit", "before-acknowledge"]


@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("way", ["ledger", "embedded"])
def test_killed_at_a_point_and_started_again_nothing_is_lost_or_doubled(
    request: pytest.FixtureRequest, runner: str, way: str, point: str
) -> None:
    """This failure mode means a power cut between two steps that a naive service takes for one."""
    ledger: Ledger = request.getfixturevalue(way)  # made with `runner`
    assert killed(ledger.start("--tell", "50", "--die", point))
    assert ledger.told() >= 1
    survivor = ledger.start("--tell", "50")
    ledger.ready(survivor)
    until(lambda: "told" in ledger.output(survivor).splitlines() and ledger.count() == ledger.told())
    assert ledger.all_once()


@pytest.mark.parametrize("failure", ["KeyError", "MemoryError", "TimeoutError", "UnicodeDecodeError", "Abandoned"])
@pytest.mark.parametrize("way", ["ledger", "embedded"])
def test_a_batch_that_meets_something_nobody_foresaw(
    request: pytest.FixtureRequest, runner: str, way: str, failure: str
) -> None:
    """This failure mode means a batch that failed, acknowledged with the next good one; or a reader that stands still.

    Two messages, the first one's worker raises: there was one effect and one inbox row.
    """
    ledger: Ledger = request.getfixturevalue(way)  # made with `runner`
    process = ledger.start("--tell", "4", "--every", "0.4", "--fail-at-first", failure)
    ledger.ready(process)
    until(lambda: "told" in ledger.output(process).splitlines() and ledger.count() == 4)
    assert "failing" in ledger.output(process).splitlines()
    assert ledger.all_once()


def test_a_message_that_cannot_be_unpacked_ends_no_consumer_and_is_not_lost(ledger: Ledger, runner: str) -> None:
    """This failure mode means an error inside the library, before our own door has seen the message: by threads the
    consumer was gone for good while the process called itself ready; by nameko the body was logged and acknowledged.
    """
    process = ledger.start("--tell", "3", "--every", "1.5")
    until(lambda: ledger.count() >= 1)  # its queue is there
    with Connection(ledger.environment["KOMPETEN_BROKER_URL"]) as connection, connection.channel() as channel:
        (signature,) = sign_events("registration", [b"NOT-FOR-LOGS"])
        headers = {"compression": "application/x-gzip", HEADER: signature}
        hostile = channel.prepare_message(b"NOT-FOR-LOGS", headers=headers)
        channel.basic_publish(hostile, exchange="", routing_key="kompeten.ledger")
    until(lambda: ledger.count() == 3 and ledger.states()[InboxState.DEAD] == 1)
    assert "NOT-FOR-LOGS" not in ledger.output(process), runner


def test_killed_again_and_again_under_load(ledger: Ledger) -> None:
    """This failure mode means a service that keeps crashing while others go on."""
    steady = ledger.start("--tell", "600", "--every", "0.005")
    ledger.ready(steady)
    for point in ("before-acknowledge", "before-commit", "before-mark", "before-acknowledge"):
        assert killed(ledger.start("--die", point, "--tell", "5"))
    until(lambda: "told" in ledger.output(steady).splitlines(), 40)
    until(lambda: ledger.count() == ledger.told())
    assert ledger.told() >= 600
    assert ledger.all_once()


def test_a_reader_that_was_away_gets_what_it_missed(ledger: Ledger) -> None:
    first = ledger.start()
    ledger.ready(first)
    first.kill()
    first.wait()
    teller = ledger.start("--teller", "--tell", "200")
    until(lambda: "told" in ledger.output(teller).splitlines())
    assert ledger.count() == 0
    ledger.ready(ledger.start())
    until(lambda: ledger.count() == 200)
    assert ledger.all_once()


def test_replicas_share_the_work_and_do_nothing_twice(ledger: Ledger) -> None:
    replicas = [ledger.start("--tell", "300") for _ in range(3)]
    for replica in replicas:
        ledger.ready(replica)
    until(lambda: ledger.told() == 900 and ledger.count() == 900, 40)
    assert ledger.all_once()


def test_a_poison_message_never_blocks_the_others(ledger: Ledger) -> None:
    poisoner = ledger.start("--tell", "3", "--reason", "poison")
    ledger.ready(poisoner)
    ledger.ready(ledger.start("--tell", "300"))
    until(lambda: ledger.count("") == 300)
    assert ledger.count() == 300
    assert ledger.states()["waiting"] + ledger.states()["dead"] == 3


def test_sigterm_drains_what_is_in_hand(ledger: Ledger) -> None:
    process = ledger.start("--tell", "2000")
    ledger.ready(process)
    until(lambda: ledger.count() > 50)
    process.terminate()
    assert process.wait(30) == 0
    ledger.ready(ledger.start())
    until(lambda: ledger.count() == ledger.told(), 30)
    assert ledger.all_once()


def test_a_poison_message_never_blocks_the_others_embedded(embedded: Ledger) -> None:
    first = embedded.start("--tell", "3", "--reason", "poison")
    embedded.ready(first)
    until(lambda: "told" in embedded.output(first).splitlines())
    first.terminate()
    assert first.wait(30) == 0
    embedded.ready(embedded.start("--tell", "100"))
    until(lambda: embedded.count("") == 100)
    assert embedded.states()["waiting"] + embedded.states()["dead"] == 3
