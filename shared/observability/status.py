"""The shapes of a service's own report, as `/<service>/status` gives it; all ages and delays in seconds."""

from datetime import date, datetime

from pydantic import BaseModel


class PartStatus(BaseModel):
    """A part that the service needs: `database`, `broker`, `limits`, `store` or `mail`.

    `error` is what it last answered, empty while it is well; `seconds` is for how long it has not been well.
    """

    name: str
    well: bool
    error: str = ""
    seconds: float = 0.0


class TimerStatus(BaseModel):
    """A timer that is to run every `period_seconds`, and by how much its last run is late (0: in time)."""

    name: str
    period_seconds: float
    late_seconds: float


class OutboxStatus(BaseModel):
    """Events for one exchange that are told and not published yet, and the age of the oldest of them."""

    exchange: str
    waiting: int
    oldest_seconds: float


class JobStatus(BaseModel):
    """Jobs of one kind: how many wait, the age of the oldest of these, and how many are dead."""

    kind: str
    waiting: int
    oldest_seconds: float
    dead: int


class Backlog(BaseModel):
    """What the messaging's tables hold that is not done. Counts stop at `MOST_COUNTED` (`backlog.py`)."""

    outbox: list[OutboxStatus]
    inbox_waiting: int
    inbox_oldest_seconds: float
    inbox_dead: int
    jobs: list[JobStatus]

    @property
    def dead(self) -> int:
        """Events and jobs that are dead, together."""
        return self.inbox_dead + sum(job.dead for job in self.jobs)


class LogStatus(BaseModel):
    """Rows of the log (audit, access, records) that are not chained yet, and the age of the oldest of them."""

    unchained: int
    oldest_seconds: float


class KeyEnd(BaseModel):
    """A certificate that this service signs or checks with, and when it comes to its end."""

    name: str
    ends_at: datetime


class ServiceStatus(BaseModel):
    """One process of one service. `backlog`, `log` and `files_lost` are None while its database does not answer.

    `data` is the digest of the body's data it works by, `data_changed` whether the files are others by now, and
    `holidays_end` the day the table of holidays ends, where that is near.
    """

    service: str
    version: str
    started_at: datetime
    loop_late_seconds: float
    pool_in_use: int
    pool_size: int
    parts: list[PartStatus]
    timers: list[TimerStatus]
    backlog: Backlog | None
    keys: list[KeyEnd]
    files_lost: int | None
    log: LogStatus | None = None
    data: str = ""
    data_changed: bool = False
    holidays_end: date | None = None
