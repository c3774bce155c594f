"""What is to be told of backups: how old the last good one is, and that a restored system is quiet still."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from shared.observability.ailments import Ailment, Code
from shared.settings import Settings

BACKUP = "backup"
"""In place of a service, where backups are meant."""


def find_quiet_ailments(config: Settings) -> list[Ailment]:
    """That mails and webhooks wait, where a restored system is still quiet."""
    return [Ailment(BACKUP, Code.QUIET)] if config.quiet else []


def find_backup_ailments(config: Settings, now: datetime) -> list[Ailment]:
    """What is wrong with backups: none, or an old one. Nothing where KOMPETEN_BACKUP_FILE is not set.

    The file's time of change counts, whatever it says: it is written last, and only when all went well.
    """
    if config.backup_file is None:
        return []
    made = read_last_good(config.backup_file)
    if made is not None and now - made <= timedelta(hours=config.alarm_backup_hours):
        return []
    last = f"{made:%Y-%m-%d %H:%M} UTC" if made else "-"
    return [Ailment(BACKUP, Code.BACKUP, figures={"last": last, "hours": config.alarm_backup_hours})]


def read_last_good(file: Path) -> datetime | None:
    """When the last good backup ended, by the file that it writes; None when there is none."""
    try:
        return datetime.fromtimestamp(file.stat().st_mtime, UTC)
    except OSError:
        return None
