"""The settings of what is told when something ails: from which age or lateness on, and where it is kept."""

from pathlib import Path

from pydantic import Field

from shared.environment_settings import EnvironmentSettings


class AlarmSettings(EnvironmentSettings):
    """Thresholds of `kompeten status` and `kompeten watch`; part of `Settings`, which says how they are read."""

    service_url: str = Field(
        "", description="`http://{service}:8000`: where services are asked for their report; empty: KOMPETEN_LISTEN."
    )
    alarm_minutes: float = Field(
        5, gt=0, description="How old an event that waits to be published may get, and how late a timer, minutes."
    )
    alarm_job_minutes: float = Field(60, gt=0, description="How long a job or a received event may wait, minutes.")
    alarm_loop_seconds: float = Field(2, gt=0, description="How late a service's loop may wake up, seconds.")
    alarm_backup_hours: int = Field(26, ge=1, description="Hours without a good backup after which it is told.")
    backup_file: Path | None = Field(
        None, description="File that the backup writes when all went well, looked at by `watch`; empty: nobody looks."
    )
    watch_file: Path | None = Field(
        None, description="Where `watch` keeps what it has told; empty: `alarms.json` in the data folder."
    )
    alarm_key_days: int = Field(30, ge=1, description="Days before a certificate's end from which on it is told.")
    proxy_address: str = Field(
        "", description="`host:port` of the proxy, whose certificate `status` and `watch` look at; empty: nobody does."
    )
