"""The moved clock of a trial system, kept so that every replica works by it."""

from datetime import datetime

from sqlalchemy.orm import Mapped, Session, mapped_column

from shared import clock
from shared.contracts.envelope import Event
from shared.contracts.registration import ClockMoved
from shared.database.base import SharedBase
from shared.errors import N_, Forbidden
from shared.settings import settings


class TrialClock(SharedBase):
    """At most one row: how far this system's time is ahead, seconds."""

    __tablename__ = "trial_clock"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    ahead_seconds: Mapped[int]
    moved_at: Mapped[datetime] = mapped_column(default=clock.real_now)


def move_clock(session: Session, ahead_seconds: int) -> None:
    """Work by a time `ahead_seconds` ahead, from now on and in every replica. Refused unless this is a trial system."""
    if not settings().trial:
        raise Forbidden("not-a-trial", N_("Jam hanya dapat dimajukan pada sistem percobaan."))
    session.merge(TrialClock(id=1, ahead_seconds=ahead_seconds, moved_at=clock.real_now()))
    clock.set_ahead(ahead_seconds)


def read_clock(session: Session) -> None:
    """Take over what another replica was told."""
    row = session.get(TrialClock, 1)
    if row is not None:
        clock.set_ahead(row.ahead_seconds)


def follow_clock(session: Session, event: Event[ClockMoved]) -> None:
    """Every service goes by the clock that was moved in registration; a system that is no trial ignores it."""
    if settings().trial:
        move_clock(session, event.fact.offset_seconds)
