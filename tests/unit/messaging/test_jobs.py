import logging
from contextlib import suppress
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from shared.clock import real_now
from shared.database.unit import ASKED, TOLD, Database
from shared.errors import Unavailable
from shared.messaging.context import causation, correlation_id, following_cause
from shared.messaging.jobs import CLAIMED_AT_ONCE, LONGEST_PAUSE, Jobs, Payload, Task, enqueue, hurry_jobs, replay_job
from shared.messaging.models import JobRow, JobState
from shared.messaging.pauses import SPREAD
from shared.settings import settings
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


def read_job(database: Database, key: str = "a") -> JobRow:
    with database.reading() as session:
        return session.scalars(select(JobRow).where(JobRow.key == key)).one()


def change_jobs(database: Database, *keys: str, **values: object) -> None:
    with database.unit_of_work() as session:
        session.execute(update(JobRow).where(JobRow.key.in_(keys)).values(**values))


def hurry(database: Database, kind: str, key_begins: str) -> int:
    with database.unit_of_work() as session:
        return hurry_jobs(session, kind, key_begins)


def test_hurrying_is_for_one_kind_and_the_keys_that_begin_so(database: Database) -> None:
    ask(database, "a_1", "a_2", "ab", "b")
    ask(database, "a_3", kind="mail")
    later = real_now() + timedelta(hours=1)
    change_jobs(database, "a_1", "a_2", "ab", "b", "a_3", next_try_at=later)
    assert hurry(database, "render", "a_") == 2
    assert [key for key in ("a_1", "a_2", "ab", "b", "a_3") if read_job(database, key).next_try_at < later] == [
        "a_1",
        "a_2",
    ]


def test_hurrying_gives_a_dead_job_its_tries_and_leaves_a_done_one(database: Database) -> None:
    ask(database, "dead", "done")
    change_jobs(database, "dead", state=JobState.DEAD, tries=8)
    change_jobs(database, "done", state=JobState.DONE, tries=1)
    assert hurry(database, "render", "d") == 1
    assert states(database) == {"dead": JobState.WAITING, "done": JobState.DONE}
    assert (read_job(database, "dead").tries, read_job(database, "done").tries) == (0, 1)


def test_hurrying_takes_a_job_whose_lease_has_run_out_and_no_other(database: Database) -> None:
    with stopped_at(real_now()):
        ask(database, "out", "held")
        change_jobs(database, "out", lease_id=uuid4(), next_try_at=real_now())
        change_jobs(database, "held", lease_id=uuid4(), next_try_at=real_now() + timedelta(seconds=1))
        assert hurry(database, "render", "") == 1
        assert read_job(database, "out").lease_id is None
        assert read_job(database, "held").lease_id is not None


def test_a_commit_that_hurried_a_job_wakes_who_does_it(database: Database) -> None:
    ask(database, "a")
    woken: list[str] = []
    database.on_commit(ASKED, lambda: woken.append("jobs"))
    hurry(database, "render", "a")
    assert woken == ["jobs"]


def test_a_job_that_failed_is_held_by_nobody_and_can_be_hurried(database: Database) -> None:
    jobs = Jobs("ledger")
    fails = [True]

    @jobs.does("render")
    def render(_: Database, payload: Payload) -> None:
        if fails:
            raise OSError("no such font")

    ask(database, "a")
    jobs.run_due(database)
    row = read_job(database)
    assert (row.lease_id, row.tries, row.error, row.done_at) == (None, 1, "OSError: no such font", None)
    fails.clear()
    assert hurry(database, "render", "a") == 1
    with stopped_at(real_now()):
        jobs.run_due(database)
        row = read_job(database)
        assert (row.state, row.lease_id, row.tries, row.error) == (JobState.DONE, None, 1, None)
        assert row.done_at == real_now()


def test_pauses_after_failures_double_and_the_last_try_is_the_last(database: Database) -> None:
    jobs = Jobs("ledger")

    @jobs.does("render")
    def render(_: Database, payload: Payload) -> None:
        raise OSError("no such font")

    ask(database, "a")
    pauses, first, most = [], settings().retry_first_seconds, settings().job_tries
    with stopped_at(real_now()):
        for tries in range(1, most + 1):
            make_due(database)
            jobs.run_due(database)
            row = read_job(database)
            assert (row.tries, row.state) == (tries, JobState.DEAD if tries == most else JobState.WAITING)
            pauses.append((row.next_try_at - real_now()).total_seconds())
    for tries, pause in enumerate(pauses):
        due = min(first * 2**tries, LONGEST_PAUSE)
        assert due <= pause <= due * (1 + SPREAD)


def test_what_waits_is_looked_for_after_a_quarter_of_the_time_the_oldest_has_waited(database: Database) -> None:
    jobs = Jobs("ledger")

    @jobs.does_many("render", batch=5)
    def render(_: Database, tasks: list[Task]) -> None:
        raise Unavailable("the store is away")

    first = settings().retry_first_seconds
    with stopped_at(real_now()):
        for waited, pause in ((0, first), (4 * first, first), (100, 25)):
            ask(database, "old", "new")
            change_jobs(database, "old", created_at=real_now() - timedelta(seconds=waited), lease_id=None)
            make_due(database)
            jobs.run_due(database)
            row = read_job(database, "new")
            assert (row.next_try_at - real_now(), row.tries) == (timedelta(seconds=pause), 0)
            assert row.lease_id is None


def test_jobs_are_claimed_in_the_order_they_are_due_and_given_in_batches(database: Database) -> None:
    given: list[list[str]] = []
    jobs = Jobs("ledger")
    jobs.does_many("render", batch=4)(lambda _, tasks: given.append([task.payload["key"] for task in tasks]))
    keys = [f"{number:02}" for number in range(CLAIMED_AT_ONCE + 1)]
    ask(database, *keys)
    for number, key in enumerate(keys):
        change_jobs(database, key, next_try_at=real_now() - timedelta(seconds=number + 1))
    due = keys[::-1]
    assert jobs.run_due(database) == CLAIMED_AT_ONCE
    assert given == [due[0:4], due[4:8], due[8:10]]
    assert jobs.run_due(database) == 1


def test_a_batch_larger_than_what_is_claimed_at_once_is_claimed_whole(database: Database) -> None:
    given: list[int] = []
    jobs = Jobs("ledger")
    jobs.does_many("render", batch=CLAIMED_AT_ONCE + 5)(lambda _, tasks: given.append(len(tasks)))
    ask(database, *map(str, range(CLAIMED_AT_ONCE + 5)))
    jobs.run_due(database)
    assert given == [CLAIMED_AT_ONCE + 5]


def test_what_is_due_is_what_is_due_now_and_is_ours_until_the_lease_ends(database: Database) -> None:
    jobs = Jobs("ledger")
    held: list[timedelta] = []
    with stopped_at(real_now()):
        jobs.does("render")(lambda _, payload: held.append(read_job(database, payload["key"]).next_try_at - real_now()))
        ask(database, "now", "soon")
        change_jobs(database, "soon", next_try_at=real_now() + timedelta(microseconds=1))
        ask(database, "else", kind="mail")
        assert jobs.run_due(database) == 1
        assert held == [timedelta(seconds=settings().job_lease_seconds)]


def test_the_work_knows_its_job(database: Database) -> None:
    seen: list[Task] = []
    jobs = Jobs("ledger")
    jobs.does_many("render", batch=2)(lambda _, tasks: seen.extend(tasks))
    with following_cause("request-1", "event-1"):
        ask(database, "a")
    change_jobs(database, "a", tries=3)
    jobs.run_due(database)
    (task,), row = seen, read_job(database)
    assert (task.id, task.kind, task.tries, task.created_at) == (row.id, "render", 3, row.created_at)
    with task.following():
        assert (correlation_id(), causation.get()) == ("request-1", "event-1")


def test_a_replayed_job_is_due_at_once_and_held_by_nobody(database: Database) -> None:
    ask(database, "a")
    later = real_now() + timedelta(hours=1)
    change_jobs(database, "a", state=JobState.DEAD, tries=8, lease_id=uuid4(), next_try_at=later)
    with stopped_at(real_now()):
        with database.unit_of_work() as session:
            replay_job(session.scalars(select(JobRow)).one())
        row = read_job(database)
        assert (row.state, row.tries, row.lease_id, row.next_try_at) == (JobState.WAITING, 0, None, real_now())


def test_the_log_tells_which_job_and_what_kind_of_failure_and_not_its_words(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    jobs = Jobs("ledger")

    @jobs.does("render")
    def render(_: Database, payload: Payload) -> None:
        raise OSError("Siti Contoh has no photo")

    ask(database, "a")
    for _ in range(settings().job_tries):
        make_due(database)
        jobs.run_due(database)
    number = read_job(database).id
    assert [(record.levelno, record.getMessage()) for record in caplog.records] == [
        *[(logging.WARNING, f"job render {number}: waits (OSError)")] * (settings().job_tries - 1),
        (logging.ERROR, f"job render {number}: dead (OSError)"),
    ]


def test_the_log_tells_what_waits(database: Database, caplog: pytest.LogCaptureFixture) -> None:
    jobs = Jobs("ledger")

    @jobs.does_many("render", batch=5)
    def render(_: Database, tasks: list[Task]) -> None:
        raise Unavailable("the store is away")

    ask(database, "a", "b")
    jobs.run_due(database)
    assert [record.getMessage() for record in caplog.records] == ["2 jobs render wait: the store is away"]


def test_of_a_batch_that_was_partly_taken_over_the_rest_is_free_at_once(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    jobs = Jobs("ledger")

    @jobs.does_many("render", batch=5)
    def render(fenced: Database, tasks: list[Task]) -> None:
        change_jobs(database, "a", lease_id=uuid4())
        with fenced.unit_of_work():
            raise AssertionError("the transaction began without the lease")

    with stopped_at(real_now()):
        ask(database, "a", "b", "c")
        jobs.run_due(database)
        theirs, *ours = [read_job(database, key) for key in ("a", "b", "c")]
        assert theirs.lease_id is not None
        assert theirs.next_try_at > real_now()
        assert {(row.lease_id, row.next_try_at, row.tries) for row in ours} == {(None, real_now(), 0)}
    assert [record.getMessage() for record in caplog.records] == ["1 jobs render were taken over by another worker"]
