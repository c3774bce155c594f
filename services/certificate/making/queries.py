"""Why something still waits: the last error of its job, and in words what an officer can do about it."""

from collections.abc import Iterable
from datetime import datetime

from pydantic import BaseModel
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.certificate.making.advice import find_advice
from shared.messaging.models import JobRow, JobState

KEY = 36
"""A job's key begins with the id of what it is about."""


class Trouble(BaseModel):
    """`advice`: msgids of what to do; `error` as the operator needs it; `stopped`: it is not tried again by itself."""

    advice: list[str]
    error: str
    tries: int
    next_try_at: datetime
    stopped: bool


def find_troubles(session: Session, kind: str, ids: Iterable[str]) -> dict[str, Trouble]:
    """By id: those of the jobs of `kind` about these that have failed and wait, or were given up."""
    wanted = list(ids)
    about = func.substr(JobRow.key, 1, KEY)
    failing = select(JobRow).where(
        JobRow.kind == kind, JobRow.state != JobState.DONE, JobRow.error.is_not(None), about.in_(wanted)
    )
    return {row.key[:KEY]: _trouble(row) for row in session.scalars(failing.order_by(JobRow.id))} if wanted else {}


def _trouble(row: JobRow) -> Trouble:
    error = row.error or ""
    return Trouble(
        advice=find_advice(error),
        error=error,
        tries=row.tries,
        next_try_at=row.next_try_at,
        stopped=row.state == JobState.DEAD,
    )
