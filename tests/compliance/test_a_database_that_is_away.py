"""Promise 8: while the database is away, full, hung or too busy nothing is lost and nobody else is held up for it."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from uuid import uuid4

import pytest
from sqlalchemy import text

from shared.database.unit import Database, DatabaseAway, Why
from shared.messaging.consumer import handle_batch
from shared.messaging.inbox import retry_waiting, take_in_batch
from shared.messaging.models import InboxState
from shared.settings import settings
from tests.compliance.stacks import Stack, stack_at
from tests.servers.own_postgres import OwnPostgres
from tests.unit.messaging.ledger import Copy, message, reactions, tell


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A small pool, and limits of a second."""
    for name, value in {
        "DATABASE_POOL": "2", "DATABASE_STATEMENT_SECONDS": "2", "DATABASE_LOCK_SECONDS": "1",
        "DATABASE_WAIT_SECONDS": "0.5",
    }.items():  # fmt: skip
        monkeypatch.setenv(f"KOMPETEN_{name}", value)
    settings.cache_clear()
    yield
    settings.cache_clear()


def hold_all(database: Database, connections: ExitStack) -> int:
    """Take every connection of the pool. Returns how many there were."""
    count = 0
    while True:
        try:
            connections.enter_context(database.engine.connect())
        except Exception:
            return count
        count += 1


def test_a_drained_pool_holds_the_batch_and_nothing_more(impatient: None, servers: Stack) -> None:
    """This failure mode means SQLAlchemy's own time-out, no error of the database: nobody noticed the batch."""
    database = servers.another_database()
    tell(servers.database, times=3)
    servers.publish()
    replica = servers.start_replica()
    replica.database = database
    with ExitStack() as connections:
        assert hold_all(database, connections) == 2
        with pytest.raises(DatabaseAway) as away:
            take_in_batch(database, reactions, [message()])
        assert away.value.why is Why.POOL
        release = threading.Timer(1.5, connections.close)
        release.start()
        replica.work()
        release.join()
    servers.assert_all_once()


def test_a_lock_somebody_holds_fails_the_event_that_wants_it_and_no_other(impatient: None, servers: Stack) -> None:
    thing, free = uuid4(), uuid4()
    take_in_batch(servers.database, reactions, [message(thing)])
    database = servers.another_database()
    with servers.database.unit_of_work() as session:
        session.get_one(Copy, thing, with_for_update=True)
        take_in_batch(database, reactions, [message(thing, sequence=2), message(id=free)])
        assert servers.effects()[free] == 1
        assert servers.states() == {InboxState.DONE: 2, InboxState.WAITING: 1}
    servers.retry_until_quiet()
    assert servers.states() == {InboxState.DONE: 3}


def test_connections_that_break_in_the_middle(servers: Stack) -> None:
    """The server ends every connection again and again while two replicas and the retry loop take in 200 events."""
    for _ in range(20):
        tell(servers.database, times=10)
    servers.publish()
    stop = threading.Event()

    def take(number: int) -> None:
        replica = servers.start_replica()
        while not stop.is_set():
            replica.work(lambda database, reactions, bodies: handle_batch(database, reactions, bodies, 0.02))

    def retry() -> None:
        database = servers.another_database()
        while not stop.is_set():
            try:
                retry_waiting(database, reactions)
            except DatabaseAway:
                time.sleep(0.02)

    def cut() -> None:
        killer = servers.another_database()
        for _ in range(15):
            with killer.engine.connect() as connection:
                connection.execute(
                    text(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                    )
                )
            time.sleep(0.1)

    with ThreadPoolExecutor(4) as pool:
        workers = [pool.submit(take, 1), pool.submit(take, 2), pool.submit(retry)]
        pool.submit(cut).result(60)
        end = time.monotonic() + 60
        while sum(count_effects(servers)) < 200 and time.monotonic() < end:
            time.sleep(0.1)
        stop.set()
        for worker in workers:
            worker.result(60)
    servers.retry_until_quiet()
    servers.assert_all_once()


def count_effects(stack: Stack) -> list[int]:
    """Effects, asked for again where the question itself was cut off."""
    while True:
        try:
            return list(stack.effects().values())
        except DatabaseAway:
            time.sleep(0.02)


def test_a_server_that_hangs_is_noticed_and_what_was_in_hand_is_taken_in_afterwards(
    impatient: None, own_postgres: OwnPostgres, rabbitmq_url: str
) -> None:
    """This failure mode means a database that accepts connections and answers nothing: for minutes nobody notices."""
    with stack_at("servers", own_postgres.databases.fresh(), rabbitmq_url) as stack:
        tell(stack.database, times=3)
        stack.publish()
        replica = stack.start_replica()
        replica.hear()
        own_postgres.pause()
        thaw = threading.Timer(12, own_postgres.resume)
        thaw.start()
        replica.work()
        thaw.join()
        stack.retry_until_quiet()
        stack.assert_all_once()
