"""Work that must not happen inside a transaction: rendering, storing, mailing.

A job is a row written in the transaction that asks for it, and done after it. It is claimed for a time (a lease), so
that a replica that dies leaves it to the others; therefore it may be done twice and must be safe to.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from shared.clock import real_now
from shared.database.unit import TOLD, Database
from shared.database.upsert import insert_into
from shared.errors import Unavailable
from shared.messaging.context import correlation_id, following
from shared.messaging.models import JobRow, JobState
from shared.settings import settings

log = logging.getLogger(__name__)

Payload = dict[str, Any]
Work = Callable[[Database, Payload], None]
BatchWork = Callable[[Database, list[Payload]], None]

WAITING_SECONDS = 60.0
"""The longest pause of a job that waits for something that is away."""


@dataclass(frozen=True, slots=True)
class Kind:
    work: Callable[[Database, Any], None]
    batch: int


@dataclass
class Jobs:
    """The kinds of work of one service."""

    service: str
    kinds: dict[str, Kind] = field(default_factory=dict)

    def does(self, kind: str) -> Callable[[Work], Work]:
        """Take the decorated `(database, payload)` as the work of `kind`."""

        def keep(work: Work) -> Work:
            self.kinds[kind] = Kind(work, 1)
            return work

        return keep

    def does_many(self, kind: str, batch: int) -> Callable[[BatchWork], BatchWork]:
        """Take the decorated `(database, [payload, ...])` as the work of `kind`, up to `batch` at once.

        When a batch raises, its jobs are done one by one, so that only the culprit fails.
        """

        def keep(work: BatchWork) -> BatchWork:
            self.kinds[kind] = Kind(work, batch)
            return work

        return keep

    def run_due(self, database: Database) -> int:
        """Do what is due, once round all kinds. Returns how many jobs were claimed."""
        return sum(self._run_kind(database, name, kind) for name, kind in self.kinds.items())

    def _run_kind(self, database: Database, name: str, kind: Kind) -> int:
        claimed = _claim(database, name, max(kind.batch, 10))
        for start in range(0, len(claimed), kind.batch):
            self._do(database, kind, claimed[start : start + kind.batch])
        return len(claimed)

    def _do(self, database: Database, kind: Kind, jobs: Sequence[JobRow]) -> None:
        try:
            if kind.batch > 1:
                kind.work(database, [job.payload for job in jobs])
            else:
                with following(jobs[0].correlation_id):
                    kind.work(database, jobs[0].payload)
        except Unavailable as error:
            _postpone(database, jobs, error)
        except Exception as error:
            if len(jobs) > 1:
                for job in jobs:
                    self._do(database, kind, [job])
            else:
                _fail(database, jobs[0], error)
        else:
            _finish(database, jobs)


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
            state=JobState.WAITING,
            created_at=now,
            next_try_at=now,
            tries=0,
        )
        .on_conflict_do_nothing()
    )
    session.info[TOLD] = True


def hurry(session: Session, kind: str, key_begins: str) -> int:
    """Try what waits or is dead under keys that begin so once more, at once. Returns how many jobs there are."""
    result = session.connection().execute(
        update(JobRow)
        .where(JobRow.kind == kind, JobRow.key.startswith(key_begins, autoescape=True), JobRow.state != JobState.DONE)
        .values(state=JobState.WAITING, next_try_at=real_now(), tries=0)
    )
    session.info[TOLD] = True
    return result.rowcount


def _claim(database: Database, kind: str, limit: int) -> list[JobRow]:
    now = real_now()
    with database.unit_of_work() as session:
        jobs = list(
            session.scalars(
                select(JobRow)
                .where(JobRow.state == JobState.WAITING, JobRow.kind == kind, JobRow.next_try_at <= now)
                .order_by(JobRow.next_try_at)
                .limit(limit)
                .with_for_update(skip_locked=True)
            )
        )
        lease = now + timedelta(seconds=settings().job_lease_seconds)
        if jobs:
            session.execute(
                update(JobRow)
                .where(JobRow.id.in_([job.id for job in jobs]))
                .values(next_try_at=lease, tries=JobRow.tries + 1)
                .execution_options(synchronize_session=False)
            )
        session.expunge_all()
    return jobs


def _finish(database: Database, jobs: Sequence[JobRow]) -> None:
    with database.unit_of_work() as session:
        session.execute(
            update(JobRow)
            .where(JobRow.id.in_([job.id for job in jobs]))
            .values(state=JobState.DONE, done_at=real_now(), error=None)
            .execution_options(synchronize_session=False)
        )


def _postpone(database: Database, jobs: Sequence[JobRow], error: Unavailable) -> None:
    """Until what they need is back, however long that takes: they never count as dead for it."""
    pause = min(settings().retry_first_seconds * 2 ** min(jobs[0].tries, 20), WAITING_SECONDS)
    with database.unit_of_work() as session:
        session.execute(
            update(JobRow)
            .where(JobRow.id.in_([job.id for job in jobs]))
            .values(next_try_at=real_now() + timedelta(seconds=pause), error=f"{type(error).__name__}: {error}"[:2000])
            .execution_options(synchronize_session=False)
        )
    log.warning("%d jobs %s wait: %s", len(jobs), jobs[0].kind, error)


def _fail(database: Database, job: JobRow, error: Exception) -> None:
    tries = job.tries + 1
    dead = tries >= settings().job_tries
    pause = min(settings().retry_first_seconds * 2 ** (tries - 1), 3600)
    with database.unit_of_work() as session:
        session.execute(
            update(JobRow)
            .where(JobRow.id == job.id)
            .values(
                state=JobState.DEAD if dead else JobState.WAITING,
                next_try_at=real_now() + timedelta(seconds=pause),
                error=f"{type(error).__name__}: {error}"[:2000],
            )
        )
    log.log(
        logging.ERROR if dead else logging.WARNING,
        "job %s %s: %s (%s)",
        job.kind,
        job.id,
        "dead" if dead else "waits",
        type(error).__name__,
    )
