"""Work that must not happen inside a transaction: rendering, storing, mailing.

A job is a row written in the transaction that asks for it, and done after it. Whoever does it holds it under a lease
(`leases.py`), renewed for as long as the work takes: a replica that dies leaves it to the others, and one that comes
too late is refused where it writes. A job may still be done twice and must be safe to.
"""

import logging
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from shared.clock import real_now
from shared.database.changes import change_rows
from shared.database.unit import ASKED, Database, DatabaseAway, Why
from shared.database.upsert import insert_into
from shared.errors import Unavailable
from shared.messaging.context import causation, correlation_id, following_cause
from shared.messaging.failures import describe_failure
from shared.messaging.leases import LeaseLost, hold_jobs, renewing_lease, working_on
from shared.messaging.models import JobRow, JobState
from shared.messaging.pauses import choose_growing_pause
from shared.settings import settings

log = logging.getLogger(__name__)

Payload = dict[str, Any]

LONGEST_PAUSE = 3600.0
"""The longest pause of a job that failed."""
WAITING_SECONDS = 60.0
"""The longest pause of a job that waits for something that is away."""
CLAIMED_AT_ONCE = 10
"""Jobs of a kind without batches that are claimed in one transaction and done one after the other."""


@dataclass(frozen=True, slots=True)
class Task:
    """One claimed job: what to do, and what it follows from."""

    payload: Payload
    id: int = 0
    kind: str = ""
    correlation_id: str = ""
    causation_id: str | None = None
    tries: int = 0
    created_at: datetime = field(default_factory=real_now)

    def following(self) -> AbstractContextManager[None]:
        """What happens in the block follows from what asked for this job."""
        return following_cause(self.correlation_id, self.causation_id)


Work = Callable[[Database, Payload], None]
BatchWork = Callable[[Database, list[Task]], None]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of work: `work` takes the tasks of a batch; `batch` is how many at most."""

    work: BatchWork
    batch: int


@dataclass
class Jobs:
    """The kinds of work of one service."""

    service: str
    kinds: dict[str, Kind] = field(default_factory=dict)

    def does(self, kind: str) -> Callable[[Work], Work]:
        """Take the decorated `(database, payload)` as the work of `kind`."""

        def keep(work: Work) -> Work:
            def do_one(database: Database, tasks: list[Task]) -> None:
                with tasks[0].following():
                    work(database, tasks[0].payload)

            self.kinds[kind] = Kind(do_one, 1)
            return work

        return keep

    def does_many(self, kind: str, batch: int) -> Callable[[BatchWork], BatchWork]:
        """Take the decorated `(database, [task, ...])` as the work of `kind`, up to `batch` at once.

        What it tells of each task it tells `with task.following()`, so that the chain of causes is not cut. When a
        batch raises, its jobs are done one by one, so that only the culprit fails.
        """

        def keep(work: BatchWork) -> BatchWork:
            self.kinds[kind] = Kind(work, batch)
            return work

        return keep

    def run_due(self, database: Database) -> int:
        """Do what is due, once round all kinds. Returns how many jobs were claimed."""
        return sum(self._run_kind(database, name, kind) for name, kind in self.kinds.items())

    def _run_kind(self, database: Database, name: str, kind: Kind) -> int:
        lease_id = uuid4()
        tasks = _claim_tasks(database, name, lease_id, max(kind.batch, CLAIMED_AT_ONCE))
        if tasks:
            with renewing_lease(database, lease_id):
                for start in range(0, len(tasks), kind.batch):
                    _do_tasks(database, kind, tasks[start : start + kind.batch], lease_id)
        return len(tasks)


def enqueue(session: Session, kind: str, payload: Payload, key: str) -> None:
    """Ask for work after this transaction. The same `(kind, key)` again is the same job: asked for once."""
    now = real_now()
    session.connection().execute(  # not the session's: a flush for every job would cost a batch its speed
        insert_into(session, JobRow.__table__)
        .values(
            kind=kind,
            key=key,
            payload=payload,
            correlation_id=correlation_id(),
            causation_id=causation.get(),
            state=JobState.WAITING,
            created_at=now,
            next_try_at=now,
            tries=0,
        )
        .on_conflict_do_nothing()
    )
    session.info[ASKED] = True


def hurry_jobs(session: Session, kind: str, key_begins: str) -> int:
    """Try what waits or is dead under keys that begin so once more, at once. Returns how many jobs there are.

    One that somebody is at work on just now is left to them.
    """
    now = real_now()
    changed = change_rows(
        session,
        update(JobRow)
        .where(
            JobRow.kind == kind,
            JobRow.key.startswith(key_begins, autoescape=True),
            JobRow.state != JobState.DONE,
            or_(JobRow.lease_id.is_(None), JobRow.next_try_at <= now),
        )
        .values(state=JobState.WAITING, next_try_at=now, tries=0, lease_id=None),
    )
    session.info[ASKED] = True
    return changed


def replay_job(row: JobRow) -> None:
    """Give a dead job its tries again."""
    row.state, row.tries, row.next_try_at, row.lease_id = JobState.WAITING, 0, real_now(), None


def _claim_tasks(database: Database, kind: str, lease_id: UUID, limit: int) -> list[Task]:
    now = real_now()
    with database.unit_of_work() as session:
        rows = session.execute(
            select(
                JobRow.payload,
                JobRow.id,
                JobRow.kind,
                JobRow.correlation_id,
                JobRow.causation_id,
                JobRow.tries,
                JobRow.created_at,
            )
            .where(JobRow.state == JobState.WAITING, JobRow.kind == kind, JobRow.next_try_at <= now)
            .order_by(JobRow.next_try_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        ).all()
        if rows:
            session.execute(
                update(JobRow)
                .where(JobRow.id.in_([row.id for row in rows]))
                .values(next_try_at=now + timedelta(seconds=settings().job_lease_seconds), lease_id=lease_id)
                .execution_options(synchronize_session=False)
            )
    return [Task(*row) for row in rows]


def _do_tasks(database: Database, kind: Kind, tasks: Sequence[Task], lease_id: UUID) -> None:
    try:
        with working_on(lease_id, (task.id for task in tasks)):
            # nobody can forget to ask whether the job is still ours: each transaction of the work begins with it
            kind.work(database.fenced_by(hold_jobs), list(tasks))
    except LeaseLost:
        _release(database, tasks, lease_id)
    except Unavailable as error:
        if isinstance(error, DatabaseAway) and error.why in (Why.LOCK, Why.SLOW):
            # may be this very job's own statement: it counts as a failure, or it would come again for ever
            _do_alone_or_fail(database, kind, tasks, lease_id, error)
        else:
            _postpone(database, tasks, lease_id, error)
    except Exception as error:
        _do_alone_or_fail(database, kind, tasks, lease_id, error)
    else:
        _finish(database, tasks, lease_id)


def _do_alone_or_fail(database: Database, kind: Kind, tasks: Sequence[Task], lease_id: UUID, error: Exception) -> None:
    if len(tasks) == 1:
        _fail(database, tasks[0], lease_id, error)
        return
    for task in tasks:
        _do_tasks(database, kind, [task], lease_id)


def _ours(tasks: Sequence[Task], lease_id: UUID) -> ColumnElement[bool]:
    """The rows of these tasks, as far as nobody has taken them over."""
    return JobRow.id.in_([task.id for task in tasks]) & (JobRow.lease_id == lease_id)


def _write(database: Database, tasks: Sequence[Task], lease_id: UUID, **values: Any) -> None:
    """Write down what became of the tasks, unless another worker has taken them over."""
    with database.unit_of_work() as session:
        written = change_rows(session, update(JobRow).where(_ours(tasks, lease_id)).values(lease_id=None, **values))
    if written < len(tasks):
        log.warning("%d jobs %s were taken over by another worker", len(tasks) - written, tasks[0].kind)


def _release(database: Database, tasks: Sequence[Task], lease_id: UUID) -> None:
    """Let those of the tasks that are still ours be claimed again at once."""
    _write(database, tasks, lease_id, next_try_at=real_now())


def _finish(database: Database, tasks: Sequence[Task], lease_id: UUID) -> None:
    _write(database, tasks, lease_id, state=JobState.DONE, done_at=real_now(), error=None, tries=JobRow.tries + 1)


def _postpone(database: Database, tasks: Sequence[Task], lease_id: UUID, error: Unavailable) -> None:
    """Until what they need is back, however long that takes: waiting is no try, and they never die of it.

    The pause is a quarter of the time the oldest has waited: short at first, a minute at most.
    """
    now = real_now()
    waited = (now - min(task.created_at for task in tasks)).total_seconds()
    pause = min(max(waited / 4, settings().retry_first_seconds), WAITING_SECONDS)
    _write(database, tasks, lease_id, next_try_at=now + timedelta(seconds=pause), error=describe_failure(error))
    log.warning("%d jobs %s wait: %s", len(tasks), tasks[0].kind, error)


def _fail(database: Database, task: Task, lease_id: UUID, error: Exception) -> None:
    tries = task.tries + 1
    dead = tries >= settings().job_tries
    pause = choose_growing_pause(tries, settings().retry_first_seconds, LONGEST_PAUSE)
    _write(
        database,
        [task],
        lease_id,
        state=JobState.DEAD if dead else JobState.WAITING,
        next_try_at=real_now() + timedelta(seconds=pause),
        tries=tries,
        error=describe_failure(error),
    )
    log.log(
        logging.ERROR if dead else logging.WARNING,
        "job %s %s: %s (%s)",
        task.kind,
        task.id,
        "dead" if dead else "waits",
        type(error).__name__,
    )


__all__ = ["Jobs", "LeaseLost", "Payload", "Task", "enqueue", "hurry_jobs", "replay_job"]
