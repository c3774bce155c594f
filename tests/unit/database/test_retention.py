"""What is done with goes, in bounded steps."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select

from shared.clock import real_now
from shared.database.base import SharedBase
from shared.database.retention import Retention, sweep_all, sweep_rows, sweep_step
from shared.database.unit import Database
from shared.messaging.models import JobRow, JobState
from shared.messaging.retentions import RETENTIONS

OLD = Retention("old jobs", JobRow, lambda before: JobRow.created_at < before, lambda: timedelta(days=3))


@pytest.fixture
def database(tmp_path: Path) -> Database:
    database = Database("ledger", f"sqlite:///{tmp_path}/ledger.sqlite3")
    SharedBase.metadata.create_all(database.engine)
    return database


def add_jobs(database: Database, count: int, days: int, state: JobState = JobState.DONE) -> None:
    then = real_now() - timedelta(days=days)
    with database.unit_of_work() as session:
        for number in range(count):
            key = f"{days}-{number}-{state}"
            session.add(
                JobRow(kind="k", key=key, payload={}, created_at=then, done_at=then, next_try_at=then, state=state)
            )


def count_jobs(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(JobRow)) or 0


def test_a_step_deletes_no_more_than_its_limit(database: Database) -> None:
    add_jobs(database, 7, days=5)
    assert sweep_step(database, OLD, limit=3) == 3
    assert count_jobs(database) == 4


def test_the_whole_goes_step_by_step_and_what_is_young_stays(database: Database) -> None:
    add_jobs(database, 7, days=5)
    add_jobs(database, 2, days=1)
    assert sweep_rows(database, OLD, rows_a_step=3) == 7
    assert count_jobs(database) == 2


def test_dead_jobs_outlast_those_that_are_done(database: Database) -> None:
    add_jobs(database, 1, days=100)
    add_jobs(database, 1, days=100, state=JobState.DEAD)
    add_jobs(database, 1, days=400, state=JobState.DEAD)
    add_jobs(database, 1, days=400, state=JobState.WAITING)
    sweep_all(database, RETENTIONS)
    with database.reading() as session:
        assert sorted(session.scalars(select(JobRow.key))) == ["100-0-dead", "400-0-waiting"]


def test_a_policy_that_fails_keeps_none_of_the_others(database: Database) -> None:
    broken = Retention("broken", JobRow, lambda _: delete(JobRow), lambda: timedelta(days=3))  # type: ignore[arg-type,return-value]
    add_jobs(database, 1, days=5)
    sweep_all(database, [broken, OLD])
    assert count_jobs(database) == 0
