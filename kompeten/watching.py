"""The watch: every service asked once a minute, and the administrator mailed about what is wrong and lasts."""

import logging
import time
from collections.abc import Callable

from kompeten.asking import Findings, ask_services
from shared.clock import real_now
from shared.mail import make_mailer
from shared.mail.alarms import Alarms
from shared.observability.advice import explain_ailment
from shared.observability.ailments import Ailment, Code
from shared.observability.backups import find_backup_ailments
from shared.settings import Settings

log = logging.getLogger(__name__)

ROUND_SECONDS = 60.0
SPENT = {Code.LOOP, Code.POOL}
"""Told by `status` alone: they come and go with load."""


def make_alarms(config: Settings) -> Alarms:
    """The alarms of this system, kept in KOMPETEN_WATCH_FILE, mailed to KOMPETEN_ADMIN_EMAIL."""
    file = config.watch_file or config.data_dir / "alarms.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    return Alarms(file, make_mailer(config), config.mail_from, config.admin_email)


def watch_once(config: Settings, alarms: Alarms, ask: Callable[[Settings], Findings] = ask_services) -> list[str]:
    """One round. Returns the keys of what the administrator was told."""
    found = ask(config)
    ailments = [*found.ailments, *find_backup_ailments(config, real_now())]
    wrong = {ailment.key: ailment for ailment in ailments if ailment.code not in SPENT}
    silent = {answer.service for answer in found.answers if answer.status is None}
    blind = silent | {one.service for one in ailments if one.code is Code.DATABASE}
    return alarms.note_round(
        wrong, lambda key: _write_alarm(wrong[key]), real_now(), lambda key: key.partition("/")[0] not in blind
    )


def watch_for_ever(config: Settings) -> None:
    """Rounds until the process ends; one that fails is logged and no reason to stop."""
    alarms = make_alarms(config)
    while True:
        try:
            watch_once(config, alarms)
        except Exception:
            log.exception("a round of the watch failed")
        time.sleep(ROUND_SECONDS)


def _write_alarm(ailment: Ailment) -> str:
    lines = [ailment.key]
    for language in ("id", "en"):
        lines += explain_ailment(ailment, language)
    return "\n".join(lines)
