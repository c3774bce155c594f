"""The watch: every service asked once a minute, and the administrator mailed about what is wrong and lasts."""

import logging
import time
from collections.abc import Callable
from datetime import timedelta

from kompeten.asking import Findings, ask_services, find_system_ailments
from shared.clock import real_now
from shared.mail import make_mailer
from shared.mail.alarms import Alarms
from shared.observability.advice import explain_ailment
from shared.observability.ailments import Ailment, Code
from shared.settings import Settings

log = logging.getLogger(__name__)

ROUND_SECONDS = 60.0
STARTING = timedelta(minutes=5)
"""For so long after its own start the watch notes and tells nothing: the others start together with it, or after it."""
SPENT = {Code.LOOP, Code.POOL}
"""Told by `status` alone: they come and go with load."""


def make_alarms(config: Settings) -> Alarms:
    """The alarms of this system, kept in KOMPETEN_WATCH_FILE, mailed to KOMPETEN_ADMIN_EMAIL."""
    file = config.watch_file or config.data_dir / "alarms.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    return Alarms(file, make_mailer(config), config.mail_from, config.admin_email)


def watch_once(
    config: Settings, alarms: Alarms, ask: Callable[[Settings], Findings] = ask_services, starting: bool = False
) -> list[str]:
    """One round. Returns the keys of what the administrator was told: nothing if `starting` or KOMPETEN_QUIET."""
    if config.quiet:
        return []
    found = ask(config)
    now = real_now()
    ailments = [*found.ailments, *find_system_ailments(config, now)]
    wrong = {ailment.key: ailment for ailment in ailments if ailment.code not in SPENT}
    silent = {answer.service for answer in found.answers if answer.status is None}
    blind = silent | {one.service for one in ailments if one.code is Code.DATABASE}
    return alarms.note_round(
        wrong,
        lambda key: _write_alarm(wrong[key]),
        now,
        lambda key: key.partition("/")[0] not in blind,
        tell=not starting,
    )


def watch_for_ever(config: Settings) -> None:
    """Rounds until the process ends; one that fails is logged and no reason to stop."""
    alarms, began = make_alarms(config), real_now()
    while True:
        try:
            watch_once(config, alarms, starting=real_now() - began < STARTING)
        except Exception:
            log.exception("a round of the watch failed")
        time.sleep(ROUND_SECONDS)


def _write_alarm(ailment: Ailment) -> str:
    lines = [ailment.key]
    for language in ("id", "en"):
        lines += explain_ailment(ailment, language)
    return "\n".join(lines)
