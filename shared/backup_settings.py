"""The settings of backups, and of a system that was restored from one."""

from datetime import time
from pathlib import Path

from pydantic import Field

from shared.environment_settings import EnvironmentSettings


class BackupSettings(EnvironmentSettings):
    """Where backups are kept and for whom they are sealed; part of `Settings`, which says how they are read."""

    quiet: bool = Field(
        False,
        description="A restored system that is being looked at: mails, webhooks and time stamps wait until this ends.",
    )
    backup_dir: Path = Field(Path("backups"), description="Folder that backups are kept in, one folder each.")
    backup_recipients_file: Path | None = Field(
        None, description="File with the public keys (age, a line each) whose owners can open backups."
    )
    backup_identity_file: Path | None = Field(
        None, description="File with the private key (age) that opens a backup; needed for restoring alone."
    )
    backup_at: time = Field(time(1, 30), description="When the daily backup begins, HH:MM in Jakarta.")
    backup_days: int = Field(7, ge=1, description="The newest backup of each of the last so many days is kept.")
    backup_weeks: int = Field(5, ge=0, description="And the newest one of each of the last so many weeks.")
