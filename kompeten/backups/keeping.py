"""Which backups are there, and which of them are kept: plain rules about names and days."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from shared.clock import JAKARTA

STAMP = "%Y%m%dT%H%M%SZ"
GOOD = "last-good.json"
"""Written when a backup has come to a good end, and only then; its time of change is looked at by `watch`."""


def name_backup(at: datetime) -> str:
    """The folder's name of a backup that began then: `20261127T183000Z`."""
    return at.astimezone(UTC).strftime(STAMP)


def read_moment(name: str) -> datetime | None:
    """When the backup of that name began; None for what is no backup."""
    try:
        return datetime.strptime(name, STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None


def list_backups(directory: Path) -> list[Path]:
    """The whole backups, the newest first. Those being made have names of their own and are not among them."""
    found = [path for path in directory.glob("*Z") if path.is_dir() and read_moment(path.name)]
    return sorted(found, key=lambda path: path.name, reverse=True)


def choose_kept(moments: Iterable[datetime], now: datetime, days: int, weeks: int) -> set[datetime]:
    """The newest of each of the last `days` days and `weeks` weeks, by Jakarta's calendar; always the newest of all."""
    ordered = sorted(moments)
    kept = set(ordered[-1:])
    kept |= _newest_of_each(ordered, lambda at: at.date(), now - timedelta(days=days))
    kept |= _newest_of_each(ordered, lambda at: at.isocalendar()[:2], now - timedelta(weeks=weeks))
    return kept


def find_next_run(last: datetime | None, now: datetime, hour: int, minute: int) -> datetime:
    """When the daily backup is due after a good one at `last`: at that time in Jakarta, at once if one was missed."""
    if last is None:
        return now
    due = last.astimezone(JAKARTA).replace(hour=hour, minute=minute, second=0, microsecond=0)
    if due <= last:
        due += timedelta(days=1)
    return max(due.astimezone(UTC), now)


def _newest_of_each(ordered: list[datetime], part: Callable[[datetime], object], since: datetime) -> set[datetime]:
    newest = {part(at.astimezone(JAKARTA)): at for at in ordered if at > since}
    return set(newest.values())
