"""A lease is renewed by whoever works, and by nobody else."""

from datetime import timedelta
from threading import Event as Flag
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update

from shared.clock import real_now
from shared.database.unit import Database
from shared.messaging.jobs import enqueue
from shared.messaging.leases import LeaseLost, _renew_until, hold_jobs, working_on
from shared.messaging.models import JobRow, JobState
from shared.settings import settings
from tests.clock import stopped_at

MINE, OTHERS = uuid4(), uuid4()
SOON = timedelta(seconds=1)


class Rounds(Flag):
    """Says that the work is done after so many waits, and notes how long each would have been."""

    def __init__(self, rounds: int) -> None:
        super().__init__()
        self.left, self.waits = rounds, list[float | None]()

    def wait(self, timeout: float | None = None) -> bool:
        self.left -= 1
        self.waits.append(timeout)
        return self.left < 0


@pytest.fixture
def jobs(database: Database) -> dict[str, int]:
    """Jobs by name: mine, two of them; somebody else's; mine and done already. All have their lease for a second."""
    held = {"a": MINE, "b": MINE, "theirs": OTHERS, "done": MINE}
    with database.unit_of_work() as session:
        for key in held:
            enqueue(session, "render", {}, key)
    with database.unit_of_work() as session:
        for row in session.scalars(select(JobRow)):
            row.lease_id, row.next_try_at = held[row.key], real_now() + SOON
            row.state = JobState.DONE if row.key == "done" else JobState.WAITING
        return {row.key: row.id for row in session.scalars(select(JobRow))}


def renewed(database: Database) -> list[str]:
    """The jobs whose lease runs its whole time from now."""
    until = real_now() + timedelta(seconds=settings().job_lease_seconds)
    with database.reading() as session:
        return sorted(session.scalars(select(JobRow.key).where(JobRow.next_try_at == until)))


def hold(database: Database, lease_id: UUID, *job_ids: int) -> None:
    with working_on(lease_id, job_ids), database.unit_of_work() as session:
        hold_jobs(session)


def test_the_jobs_in_hand_are_renewed_and_no_others(database: Database, jobs: dict[str, int]) -> None:
    with stopped_at(real_now()):
        hold(database, MINE, jobs["a"])
        assert renewed(database) == ["a"]


@pytest.mark.parametrize("lost", ["theirs", "done"])
def test_one_job_that_is_not_held_any_more_refuses_all(database: Database, jobs: dict[str, int], lost: str) -> None:
    with stopped_at(real_now()):
        with pytest.raises(LeaseLost, match=str(MINE)):
            hold(database, MINE, jobs["a"], jobs[lost])
        assert renewed(database) == []


def test_outside_a_job_there_is_nothing_to_hold(database: Database, jobs: dict[str, int]) -> None:
    hold(database, MINE, jobs["a"])
    with stopped_at(real_now() + SOON), database.unit_of_work() as session:
        hold_jobs(session)
    with stopped_at(real_now() + SOON):
        assert renewed(database) == []


def test_all_that_is_held_is_renewed_three_times_in_its_time(database: Database, jobs: dict[str, int]) -> None:
    done = Rounds(1)
    with stopped_at(real_now()):
        _renew_until(done, database, MINE)
        assert renewed(database) == ["a", "b"]
    assert done.waits == [settings().job_lease_seconds / 3] * 2


def test_renewing_ends_when_nothing_is_held(database: Database, jobs: dict[str, int]) -> None:
    with database.unit_of_work() as session:
        session.execute(update(JobRow).values(lease_id=OTHERS))
    done = Rounds(5)
    _renew_until(done, database, MINE)
    assert len(done.waits) == 1


def test_a_renewal_that_fails_is_not_the_last(database: Database, jobs: dict[str, int]) -> None:
    away = Database("ledger", "postgresql+psycopg2://nobody@127.0.0.1:1/nothing")
    done = Rounds(2)
    _renew_until(done, away, MINE)
    away.close()
    assert len(done.waits) == 3
