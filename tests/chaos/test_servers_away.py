"""Broker and database stopped, killed and frozen under load: nothing is lost, nothing is done twice."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chaos.ledger import Ledger, ledger_at, until
from tests.servers.own_postgres import OwnPostgres
from tests.servers.own_rabbitmq import OwnRabbitMQ


@pytest.fixture
def ledger(own_postgres: OwnPostgres, own_rabbitmq: OwnRabbitMQ, tmp_path: Path) -> Iterator[Ledger]:
    with ledger_at(own_postgres.fresh(), own_rabbitmq.url, tmp_path) as ledger:
        yield ledger


def under_load(ledger: Ledger, count: int = 600) -> list[object]:
    """Two processes that tell and hear; `count` events each, 100 a second."""
    processes = [ledger.start("--tell", str(count), "--every", "0.01") for _ in range(2)]
    for process in processes:
        ledger.ready(process)
    until(lambda: ledger.count() > 50)
    return list(processes)


@pytest.mark.timeout(240)
@pytest.mark.parametrize("how", ["restart", "kill"])
def test_the_broker_restarted_under_load(ledger: Ledger, own_rabbitmq: OwnRabbitMQ, how: str) -> None:
    """This failure mode means an upgrade or a crash of RabbitMQ while events flow."""
    under_load(ledger)
    time.sleep(2)  # RabbitMQ 3.10 writes down which quorum queues it has half a second after they are declared
    getattr(own_rabbitmq, how)()
    time.sleep(1)
    own_rabbitmq.start()
    until(lambda: ledger.told() == 1200, 60)
    until(lambda: ledger.count() == 1200, 60)
    assert ledger.all_once()


@pytest.mark.timeout(240)
@pytest.mark.parametrize("how", ["stop", "kill"])
def test_the_database_away_for_a_while(ledger: Ledger, own_postgres: OwnPostgres, how: str) -> None:
    """This failure mode means a failover: commits fail meanwhile, what is in the broker waits there."""
    under_load(ledger)
    getattr(own_postgres, how)()
    time.sleep(4)
    own_postgres.start()
    ledger.database.close()  # this test's own connections are gone, too
    until(lambda: ledger.told() == 1200, 60)
    until(lambda: ledger.count() == 1200, 60)
    assert ledger.all_once()
    assert ledger.states()["waiting"] == 0


@pytest.mark.timeout(240)
def test_sigterm_ends_within_thirty_seconds_when_the_broker_has_gone(ledger: Ledger, own_rabbitmq: OwnRabbitMQ) -> None:
    process = ledger.start("--tell", "50")
    ledger.ready(process)
    until(lambda: ledger.count() == 50)
    own_rabbitmq.kill()
    time.sleep(1)
    process.terminate()
    assert process.wait(30) == 0
