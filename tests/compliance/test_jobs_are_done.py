"""Promise 5: work that was asked for is done, by one worker at a time, however long it takes and whoever dies."""

import threading
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from shared.clock import real_now
from shared.database.unit import Database, DatabaseAway, Why
from shared.errors import Unavailable
from shared.messaging.jobs import Jobs, LeaseLost, Payload, Task, enqueue, hurry_jobs, replay_job
from shared.messaging.models import JobRow, JobState
from shared.settings import settings
from tests.compliance.stacks import Stack
from tests.unit.messaging.ledger import Thing


@pytest.fixture
def short_lease(monkeypatch: pytest.MonkeyPatch) -> Iterator[float]:
    """Leases of a second and a half."""
    monkeypatch.setenv("KOMPETEN_JOB_LEASE_SECONDS", "1.5")
    settings.cache_clear()
    yield 1.5
    settings.cache_clear()


def ask(database: Database, *keys: str) -> None:
    with database.unit_of_work() as session:
        for key in keys:
            enqueue(session, "work", {"key": key}, key)


def states(database: Database) -> dict[str, str]:
    with database.reading() as session:
        return {row.key: row.state for row in session.scalars(select(JobRow))}


def row_of(database: Database, key: str) -> JobRow:
    with database.reading() as session:
        return session.scalars(select(JobRow).where(JobRow.key == key)).one()


def count_things(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(Thing)) or 0


def write_down(database: Database) -> None:
    """What a job does at its end: it writes."""
    with database.unit_of_work() as session:
        session.add(Thing())


def test_work_longer_than_its_lease_is_not_taken_over(stack: Stack, short_lease: float) -> None:
    """This failure mode means ten jobs of a minute each under one lease of two minutes: the last eight done twice."""
    done: list[str] = []
    jobs = Jobs("ledger")

    @jobs.does("work")
    def work(database: Database, payload: Payload) -> None:
        time.sleep(short_lease * 0.8)
        write_down(database)
        done.append(payload["key"])

    ask(stack.database, "a", "b", "c")
    first = threading.Thread(target=jobs.run_due, args=(stack.database,))
    first.start()
    other = stack.another_database()
    while first.is_alive():
        jobs.run_due(other)
        time.sleep(0.1)
    assert sorted(done) == ["a", "b", "c"]
    assert count_things(stack.database) == 3


def test_a_worker_that_hung_and_comes_back_late_writes_nothing(stack: Stack) -> None:
    """This failure mode means two workers with one job, and the slower one putting its outcome over the other's."""
    jobs, late = Jobs("ledger"), Jobs("ledger")
    refused: list[type[Exception]] = []

    @jobs.does("work")
    def work(database: Database, _: Payload) -> None:
        write_down(database)

    @late.does("work")
    def hang(database: Database, _: Payload) -> None:
        with database.unit_of_work() as session:  # its lease has run out meanwhile
            session.execute(update(JobRow).values(next_try_at=real_now() - timedelta(seconds=1)))
        jobs.run_due(stack.another_database())
        try:
            write_down(database)
        except LeaseLost as lost:
            refused.append(type(lost))
            raise

    ask(stack.database, "a")
    late.run_due(stack.database)
    assert refused == [LeaseLost]
    assert count_things(stack.database) == 1
    assert row_of(stack.database, "a").state == JobState.DONE
    assert row_of(stack.database, "a").error is None


def test_the_late_one_does_not_write_its_failure_either(stack: Stack) -> None:
    jobs, late = Jobs("ledger"), Jobs("ledger")
    jobs.does("work")(lambda database, _: write_down(database))

    @late.does("work")
    def fail_late(database: Database, _: Payload) -> None:
        with database.unit_of_work() as session:
            session.execute(update(JobRow).values(next_try_at=real_now() - timedelta(seconds=1)))
        jobs.run_due(stack.another_database())
        raise ValueError("too late")

    ask(stack.database, "a")
    late.run_due(stack.database)
    assert states(stack.database) == {"a": JobState.DONE}


def test_of_a_batch_that_was_partly_taken_over_nothing_is_written_twice(stack: Stack) -> None:
    other, jobs = Jobs("ledger"), Jobs("ledger")
    other.does("work")(lambda database, _: write_down(database))
    tried: list[int] = []

    @jobs.does_many("work", batch=3)
    def work(database: Database, tasks: list[Task]) -> None:
        tried.append(len(tasks))
        if len(tried) == 1:
            with database.unit_of_work() as session:
                session.execute(
                    update(JobRow).where(JobRow.key == "b").values(next_try_at=real_now() - timedelta(seconds=1))
                )
            other.run_due(stack.another_database())
        write_down(database)

    ask(stack.database, "a", "b", "c")
    jobs.run_due(stack.database)
    assert count_things(stack.database) == 1, "the batch as a whole was refused"
    jobs.run_due(stack.database)
    assert set(states(stack.database).values()) == {JobState.DONE}


def test_waiting_for_something_that_is_away_costs_no_try(stack: Stack) -> None:
    """This failure mode means a job that waited out a long absence and died of its first real failure."""
    jobs = Jobs("ledger")
    answers: list[Exception | None] = [*[Unavailable("the store is away")] * 50, ValueError("a real failure"), None]

    @jobs.does("work")
    def work(_: Database, __: Payload) -> None:
        if answer := answers.pop(0):
            raise answer

    ask(stack.database, "a")
    while answers:
        stack.make_due()
        jobs.run_due(stack.database)
    assert states(stack.database) == {"a": JobState.DONE}
    assert row_of(stack.database, "a").tries == 2


@pytest.mark.parametrize(("why", "dies"), [(Why.LOST, False), (Why.POOL, False), (Why.SLOW, True), (Why.LOCK, True)])
def test_a_job_whose_own_statement_never_ends_dies_and_one_without_a_database_waits(
    stack: Stack, why: Why, dies: bool
) -> None:
    jobs = Jobs("ledger")

    @jobs.does("work")
    def work(_: Database, __: Payload) -> None:
        raise DatabaseAway(why)

    ask(stack.database, "a")
    for _ in range(settings().job_tries + 1):
        stack.make_due()
        jobs.run_due(stack.database)
    assert states(stack.database) == {"a": JobState.DEAD if dies else JobState.WAITING}


def test_words_no_table_can_keep_do_not_hide_a_failure(stack: Stack) -> None:
    jobs = Jobs("ledger")

    @jobs.does("work")
    def work(_: Database, __: Payload) -> None:
        raise ValueError("\x00 \ud800")

    ask(stack.database, "a")
    jobs.run_due(stack.database)
    assert "ValueError" in (row_of(stack.database, "a").error or "")


def test_a_dead_job_that_is_replayed_has_all_its_tries_again(stack: Stack) -> None:
    jobs = Jobs("ledger")
    jobs.does("work")(lambda _, __: (_ for _ in ()).throw(ValueError("a bug")))
    ask(stack.database, "a")
    for _ in range(settings().job_tries):
        stack.make_due()
        jobs.run_due(stack.database)
    assert states(stack.database) == {"a": JobState.DEAD}
    with stack.database.unit_of_work() as session:
        replay_job(session.scalars(select(JobRow)).one())
    jobs.run_due(stack.database)
    assert states(stack.database) == {"a": JobState.WAITING}


def test_hurrying_leaves_a_job_to_whoever_is_at_work_on_it(stack: Stack) -> None:
    done: list[str] = []
    jobs = Jobs("ledger")

    @jobs.does("work")
    def work(database: Database, payload: Payload) -> None:
        with database.unit_of_work() as session:
            hurry_jobs(session, "work", "a")
        assert jobs.run_due(stack.another_database()) == 0
        done.append(payload["key"])

    ask(stack.database, "a")
    jobs.run_due(stack.database)
    assert done == ["a"]


def test_replicas_share_the_jobs_and_none_is_done_twice(servers: Stack) -> None:
    done: list[str] = []
    jobs = Jobs("ledger")

    @jobs.does("work")
    def work(_: Database, payload: Payload) -> None:
        done.append(payload["key"])

    ask(servers.database, *map(str, range(60)))
    workers = [threading.Thread(target=run_all, args=(jobs, servers.another_database())) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(done, key=int) == [str(number) for number in range(60)]


def run_all(jobs: Jobs, database: Database) -> None:
    while jobs.run_due(database):
        pass
