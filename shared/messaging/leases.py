"""Who is at work on a job: a lease that is renewed while the work lasts and asked for where the work writes.

A lease runs `job_lease_seconds`. While its holder works it is renewed three times in that time, so that long work is
not taken over; a holder that died or hangs renews nothing, and others take its jobs over under a lease of their own.
The late one finds out where it matters: every transaction of the work begins with `hold_jobs(session)`, which raises
LeaseLost when the jobs are not its own any more.
"""

import logging
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta
from threading import Event as Flag
from threading import Thread
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from shared.clock import real_now
from shared.database.changes import change_rows
from shared.database.unit import Database
from shared.messaging.models import JobRow, JobState
from shared.settings import settings

log = logging.getLogger(__name__)
_in_hand: ContextVar[tuple[UUID, frozenset[int]] | None] = ContextVar("jobs in hand", default=None)


class LeaseLost(Exception):
    """Another worker has taken the jobs over: what was about to be written must not be."""


@contextmanager
def renewing_lease(database: Database, lease_id: UUID) -> Iterator[None]:
    """Renew this lease until the block ends."""
    done = Flag()
    renewer = Thread(target=_renew_until, args=(done, database, lease_id), daemon=True, name=f"lease {lease_id}")
    renewer.start()
    try:
        yield
    finally:
        done.set()
        renewer.join()


@contextmanager
def working_on(lease_id: UUID, job_ids: Iterable[int]) -> Iterator[None]:
    """The block works on these jobs, held under this lease: it is them that `hold_jobs` asks for."""
    token = _in_hand.set((lease_id, frozenset(job_ids)))
    try:
        yield
    finally:
        _in_hand.reset(token)


def hold_jobs(session: Session) -> None:
    """Lock the jobs at work in this transaction and renew their lease; the rest of it may then write the outcome.

    Each unit of work on the database that a job is given begins with it. Outside a job it does nothing. Raises
    LeaseLost when another worker has taken one of them over: nothing is written then.
    """
    in_hand = _in_hand.get()
    if in_hand is None:
        return
    lease_id, job_ids = in_hand
    if _renew(session, lease_id, job_ids) < len(job_ids):
        raise LeaseLost(f"lease {lease_id}")


def _renew(session: Session, lease_id: UUID, job_ids: Collection[int] | None = None) -> int:
    """Renew what is still held under the lease (of `job_ids`, if they are named). Returns how many jobs that is."""
    held = update(JobRow).where(JobRow.lease_id == lease_id, JobRow.state == JobState.WAITING)
    if job_ids is not None:
        held = held.where(JobRow.id.in_(sorted(job_ids)))
    until = real_now() + timedelta(seconds=settings().job_lease_seconds)
    return change_rows(session, held.values(next_try_at=until))


def _renew_until(done: Flag, database: Database, lease_id: UUID) -> None:
    while not done.wait(settings().job_lease_seconds / 3):
        try:
            with database.unit_of_work() as session:
                if not _renew(session, lease_id):
                    return
        except Exception as error:
            # the next renewal may succeed; if none does, whoever takes over wins and this one is refused
            log.warning("lease %s could not be renewed: %s", lease_id, type(error).__name__)
