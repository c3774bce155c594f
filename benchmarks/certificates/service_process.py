"""The certificate service as `kompeten serve certificate` runs it, with a heart that notes when it beats late.

A greenlet sleeps five milliseconds again and again; what it oversleeps is time in which no heartbeat of the broker
could have been answered. Printed at the end: `late_ms` the longest, `late_p99_ms`, and `rss_mb` of process and workers.
"""

import sys
import warnings

warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")
import eventlet  # noqa: E402

eventlet.monkey_patch()
from psycogreen.eventlet import patch_psycopg  # noqa: E402

patch_psycopg()

import resource  # noqa: E402
import time  # noqa: E402
from pathlib import Path  # noqa: E402

from kompeten.running import serve_service  # noqa: E402
from services.certificate.making.production import maker_pool  # noqa: E402
from shared.runtime.logs import start_logging  # noqa: E402
from shared.settings import settings  # noqa: E402

BEAT = 0.005
PAGE_BYTES = resource.getpagesize()
STARTING = 4.0
"""Seconds in which modules are still loaded: not counted."""

lateness: list[float] = []


def beat() -> None:
    eventlet.sleep(STARTING)
    last = time.monotonic()
    while True:
        eventlet.sleep(BEAT)
        now = time.monotonic()
        lateness.append(now - last - BEAT)
        last = now


def main() -> None:
    start_logging(settings().log_level)
    eventlet.spawn(beat)
    eventlet.spawn(weigh)
    serve_service("certificate")
    late = sorted(lateness) or [0.0]
    print("late_ms", 1000 * late[-1])
    print("late_p99_ms", 1000 * late[int(len(late) * 0.99)])
    print("rss_mb", weight[0])
    sys.stdout.flush()


weight = [0.0]


def weigh() -> None:
    """The most that process and workers held together."""
    while True:
        weight[0] = max(weight[0], held("self") + sum(map(held, maker_pool().processes)))
        eventlet.sleep(1)


def held(process: str | int) -> float:
    """MiB in memory now; none when it has just ended."""
    try:
        return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * PAGE_BYTES / 2**20
    except (FileNotFoundError, ProcessLookupError):
        return 0.0


if __name__ == "__main__":
    main()
