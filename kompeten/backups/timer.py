"""The daily backup: at its time, again soon after one that failed, at once where one was missed."""

import logging
import time

from kompeten.backups.keeping import GOOD, find_next_run
from kompeten.backups.making import make_backup
from shared.clock import real_now
from shared.objectstore.port import ObjectStore
from shared.observability.backups import read_last_good
from shared.settings import Settings

log = logging.getLogger(__name__)

AGAIN_SECONDS = 900.0
LONGEST_SLEEP = 3600.0
"""Looked at the clock again at least so often: machines sleep, and clocks are set."""


def run_timer(config: Settings, store: ObjectStore) -> None:
    """Back up daily, until the process ends. What fails is logged, and tried again in a quarter of an hour."""
    while True:
        time.sleep(_seconds_left(config))
        if _seconds_left(config):
            continue
        try:
            log.info("backup %s is whole", make_backup(config, store).name)
        except Exception:
            log.exception("the backup failed; the last good one stays, and it is tried again in %d s", AGAIN_SECONDS)
            time.sleep(AGAIN_SECONDS)


def _seconds_left(config: Settings) -> float:
    now = real_now()
    last = read_last_good(config.backup_file or config.backup_dir / GOOD)
    due = find_next_run(last, now, config.backup_at.hour, config.backup_at.minute)
    return min((due - now).total_seconds(), LONGEST_SLEEP)
