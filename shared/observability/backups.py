"""How old the last good backup is, by the file that the backup writes when it has come to a good end."""

from datetime import UTC, datetime, timedelta

from shared.observability.ailments import Ailment, Code
from shared.settings import Settings

SYSTEM = "backup"


def find_backup_ailments(config: Settings, now: datetime) -> list[Ailment]:
    """What is wrong with backups: none, or an old one. Nothing where KOMPETEN_BACKUP_FILE is not set.

    The file's time of change counts, whatever it says: it is written last, and only when all went well.
    """
    file = config.backup_file
    if file is None:
        return []
    try:
        made = datetime.fromtimestamp(file.stat().st_mtime, UTC)
    except OSError:
        return [Ailment(SYSTEM, Code.BACKUP, figures={"last": "-", "hours": config.alarm_backup_hours})]
    if now - made <= timedelta(hours=config.alarm_backup_hours):
        return []
    return [
        Ailment(SYSTEM, Code.BACKUP, figures={"last": f"{made:%Y-%m-%d %H:%M} UTC", "hours": config.alarm_backup_hours})
    ]
