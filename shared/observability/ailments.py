"""What is wrong with a service, read from its report: each kind with a code, the figures, and what to do about it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from shared.observability.status import Backlog, ServiceStatus
from shared.settings import Settings

MINUTE = 60.0
SYSTEM = "system"
"""In place of a service, where several are compared."""


class Code(StrEnum):
    """The kinds of what can be wrong."""

    SERVICE = "service-away"
    DATABASE = "database-away"
    BROKER = "broker-away"
    STORE = "store-away"
    LIMITS = "limits-away"
    MAIL = "mail-away"
    OUTBOX = "outbox-stuck"
    INBOX = "inbox-waiting"
    DEAD = "dead-letters"
    JOBS = "jobs-late"
    TIMER = "timer-late"
    LOOP = "loop-late"
    POOL = "pool-empty"
    KEY = "key-ends"
    FILES = "files-lost"
    BACKUP = "backup-old"
    QUIET = "quiet"
    LOG = "log-unchained"
    DATA = "data-differs"
    DATA_EDITED = "data-edited"


PARTS = {
    "database": Code.DATABASE,
    "broker": Code.BROKER,
    "store": Code.STORE,
    "limits": Code.LIMITS,
    "mail": Code.MAIL,
}


@dataclass(frozen=True, slots=True)
class Ailment:
    """One thing that is wrong with `service`; `about` tells several of one kind apart, `figures` fill the words."""

    service: str
    code: Code
    about: str = ""
    figures: dict[str, str | int] = field(default_factory=dict, compare=False)

    @property
    def key(self) -> str:
        """What it is, whatever its figures are at the moment: `decision/outbox-stuck/kompeten.events`."""
        return "/".join(part for part in (self.service, self.code.value, self.about) if part)


def find_ailments(status: ServiceStatus, config: Settings, now: datetime) -> list[Ailment]:
    """All that is wrong by this report, measured by the thresholds of the settings (`KOMPETEN_ALARM_*`)."""
    service = status.service
    found = [
        Ailment(service, PARTS[part.name], figures={"error": part.error, "minutes": _minutes(part.seconds)})
        for part in status.parts
        if not part.well
    ]
    if status.backlog is not None:
        found += _of_backlog(service, status.backlog, config)
    found += [
        Ailment(service, Code.TIMER, timer.name, {"timer": timer.name, "minutes": _minutes(timer.late_seconds)})
        for timer in status.timers
        if timer.late_seconds > config.alarm_minutes * MINUTE
    ]
    if status.loop_late_seconds > config.alarm_loop_seconds:
        found.append(Ailment(service, Code.LOOP, figures={"seconds": round(status.loop_late_seconds)}))
    if status.pool_size and status.pool_in_use >= status.pool_size:
        found.append(Ailment(service, Code.POOL, figures={"size": status.pool_size}))
    soon = now + timedelta(days=config.alarm_key_days)
    found += [
        Ailment(service, Code.KEY, key.name, {"name": key.name, "day": f"{key.ends_at:%Y-%m-%d}"})
        for key in status.keys
        if key.ends_at <= soon
    ]
    if status.log is not None and status.log.oldest_seconds > config.alarm_minutes * MINUTE:
        figures: dict[str, str | int] = {
            "count": status.log.unchained,
            "minutes": _minutes(status.log.oldest_seconds),
        }
        found.append(Ailment(service, Code.LOG, figures=figures))
    if status.files_lost:
        found.append(Ailment(service, Code.FILES, figures={"count": status.files_lost}))
    if status.data_changed:
        found.append(Ailment(service, Code.DATA_EDITED))
    return found


def find_differing_data(reports: Iterable[ServiceStatus]) -> list[Ailment]:
    """That processes work by other schemes, holidays or codes than one another, where they do."""
    digests: dict[str, set[str]] = {}
    for report in reports:
        if report.data:
            digests.setdefault(report.data, set()).add(report.service)
    if len(digests) < 2:
        return []
    groups = "; ".join(f"{digest[:12]}: {', '.join(sorted(names))}" for digest, names in sorted(digests.items()))
    return [Ailment(SYSTEM, Code.DATA, figures={"groups": groups})]


def _of_backlog(service: str, backlog: Backlog, config: Settings) -> Iterable[Ailment]:
    for outbox in backlog.outbox:
        if outbox.oldest_seconds > config.alarm_minutes * MINUTE:
            figures: dict[str, str | int] = {"count": outbox.waiting, "minutes": _minutes(outbox.oldest_seconds)}
            yield Ailment(service, Code.OUTBOX, outbox.exchange, figures)
    longest = config.alarm_job_minutes * MINUTE
    if backlog.inbox_oldest_seconds > longest:
        figures = {"count": backlog.inbox_waiting, "minutes": _minutes(backlog.inbox_oldest_seconds)}
        yield Ailment(service, Code.INBOX, figures=figures)
    for job in backlog.jobs:
        if job.oldest_seconds > longest:
            figures = {"kind": job.kind, "count": job.waiting, "minutes": _minutes(job.oldest_seconds)}
            yield Ailment(service, Code.JOBS, job.kind, figures)
    if backlog.dead:
        yield Ailment(service, Code.DEAD, figures={"count": backlog.dead})


def _minutes(seconds: float) -> int:
    return round(seconds / MINUTE)
