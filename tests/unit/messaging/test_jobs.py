from contextlib import suppress
from datetime import timedelta

from sqlalchemy import select, update

from shared.clock import real_now
from shared.database.unit import ASKED, TOLD, Database
from shared.errors import Unavailable
from shared.messaging.jobs import Jobs, Payload, Task, enqueue
from shared.messaging.models import JobRow, JobState
from tests.clock import stopped_at


def ask(database: Database, *keys: str, kind: str = "render") -> None:
    with database.unit_of_work() as session:
        for key in keys:
            enqueue(session, kind, {"key": key}, key)


def states(database: Database) -> dict[str, str]:
    with database.reading() as session:
        return {row.key: row.state for row in session.scalars(select(JobRow))}


def make_due(database: Database) -> None:
    with database.unit_of_work() as session:
        session.execute(update(JobRow).values(next_try_at=real_now() - timedelta(seconds=1)))


def test_a_job_is_done_once_and_asked_for_once(database: Database) -> None:
    done: list[str] = []
    jobs = Jobs("ledger")
    jobs.does("render")(lambda _, payload: done.append(payload["key"]))
    ask(database, "a", "b")
    ask(database, "a")
    while jobs.run_due(database):
        pass
    assert sorted(done) == ["a", "b"]


def test_a_commit_that_asked_for_a_job_wakes_who_does_it(database: Database) -> None:
    woken: list[str] = []
    database.on_commit(TOLD, lambda: woken.append("relay"))
    database.on_commit(ASKED, lambda: woken.append("jobs"))
    ask(database, "a")
    assert woken == ["jobs"]


def test_a_failing_job_is_tried_again_later_and_then_dead(database: Database) -> None:
    jobs = Jobs("ledger")

    @jobs.does("render")
    def render(_: Database, payload: Payload) -> None:
        raise OSError("the store is away")

    ask(database, "a")
    jobs.run_due(database)
    assert jobs.run_due(database) == 0
    for _ in range(12):
        make_due(database)
        jobs.run_due(database)
    assert states(database) == {"a": JobState.DEAD}


def test_a_batch_that_waits_for_something_that_is_away_waits_as_a_whole_and_never_dies(database: Database) -> None:
    """This failure mode means a store that is away for a day: nothing is wrong with the jobs."""
    tried: list[int] = []
    away = [True]
    jobs = Jobs("ledger")

    @jobs.does_many("render", batch=5)
    def render(_: Database, tasks: list[Task]) -> None:
        tried.append(len(tasks))
        if away:
            raise Unavailable("the store is away")

    ask(database, "a", "b", "c")
    for _ in range(30):
        jobs.run_due(database)
        make_due(database)
    assert set(tried) == {3}, "not one by one: none of them is the culprit"
    assert set(states(database).values()) == {JobState.WAITING}
    with database.reading() as session:
        assert {row.error for row in session.scalars(select(JobRow))} == {"Unavailable: the store is away"}
    away.clear()
    jobs.run_due(database)
    assert set(states(database).values()) == {JobState.DONE}


def test_what_is_away_is_looked_for_within_a_minute(database: Database) -> None:
    jobs = Jobs("ledger")

    @jobs.does("render")
    def render(_: Database, payload: Payload) -> None:
        raise Unavailable("the store is away")

    with stopped_at(real_now()):
        ask(database, "a")
        with database.unit_of_work() as session:
            session.execute(update(JobRow).values(created_at=real_now() - timedelta(hours=1)))
        jobs.run_due(database)
        with database.reading() as session:
            (row,) = session.scalars(select(JobRow))
        assert row.next_try_at - real_now() == timedelta(seconds=60)


def test_a_job_whose_worker_died_is_taken_over_after_its_lease(database: Database) -> None:
    done: list[str] = []
    jobs = Jobs("ledger")

    @jobs.does("render")
    def render(_: Database, payload: Payload) -> None:
        if not done:
            done.append("died")
            raise KeyboardInterrupt
        done.append("done")

    ask(database, "a")
    with suppress(KeyboardInterrupt):
        jobs.run_due(database)
    assert jobs.run_due(database) == 0
    make_due(database)
    jobs.run_due(database)
    assert done == ["died", "done"]
    assert states(database) == {"a": JobState.DONE}


def test_in_a_batch_only_the_culprit_fails(database: Database) -> None:
    done: list[str] = []
    jobs = Jobs("ledger")

    @jobs.does_many("render", batch=10)
    def render(_: Database, tasks: list[Task]) -> None:
        if any(task.payload["key"] == "bad" for task in tasks):
            raise ValueError("bad")
        done.extend(task.payload["key"] for task in tasks)

    ask(database, "a", "bad", "b")
    jobs.run_due(database)
    assert sorted(done) == ["a", "b"]
    assert states(database) == {"a": JobState.DONE, "b": JobState.DONE, "bad": JobState.WAITING}
