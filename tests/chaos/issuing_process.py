"""The certificate service as a process of its own, that a test may kill at a chosen point of issuing.

    python -m tests.chaos.issuing_process [--die POINT] [--after N]

Prints `ready` once it runs. `--die` names where the process kills itself with SIGKILL, at the N-th time: `numbering`
(serial taken, not committed), `numbered` (committed, nothing made), `storing` (made, not stored), `stored` (stored,
register not told), `confirming` (in force and announced, not committed), `publishing` and `published`.
"""

import warnings

warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")
import eventlet  # noqa: E402

eventlet.monkey_patch()
from psycogreen.eventlet import patch_psycopg  # noqa: E402

patch_psycopg()

import argparse  # noqa: E402
import os  # noqa: E402
import signal  # noqa: E402
from typing import Any  # noqa: E402

from services.certificate.service import service  # noqa: E402
from shared.runtime.logs import start_logging  # noqa: E402
from shared.runtime.nameko_runner import make_runner, run_until_stopped  # noqa: E402
from tests.chaos.points import POINTS  # noqa: E402


def arm(point: str, times: int) -> None:
    """Die at the `times`-th call of what happens at `point`."""
    owner, name, afterwards = POINTS[point]
    original, calls = getattr(owner, name), 0

    def deadly(*args: Any, **options: Any) -> Any:
        nonlocal calls
        calls += 1
        done = original(*args, **options) if afterwards or calls < times else None
        if calls >= times:
            os.kill(os.getpid(), signal.SIGKILL)
        return done

    setattr(owner, name, deadly)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--die", choices=POINTS)
    parser.add_argument("--after", type=int, default=1)
    options = parser.parse_args()
    start_logging("INFO")
    if options.die:
        arm(options.die, options.after)
    run_until_stopped(make_runner([service]), ready=lambda: print("ready", flush=True))


if __name__ == "__main__":
    main()
