"""The ledger as a process of its own, run by the real nameko edge, that a test may kill at a chosen point.

    python -m tests.chaos.ledger_process [--tell N] [--every SECONDS] [--die POINT] [--reader/--teller]

Prints `ready`, then each thing's id as it is committed. `--die` names where the process kills itself with SIGKILL:
`before-publish`, `before-mark` (published and confirmed), `before-commit` and `before-acknowledge` (effect committed).
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

from nameko.runners import ServiceRunner  # noqa: E402

from shared.database.unit import Database, DatabaseAway  # noqa: E402
from shared.messaging import entrypoint, providers, relay, topology  # noqa: E402
from shared.messaging.consumer import handle_batch  # noqa: E402
from shared.messaging.reactions import Reactions  # noqa: E402
from shared.runtime.logs import start_logging  # noqa: E402
from shared.runtime.nameko_runner import run_until_stopped  # noqa: E402
from tests.unit.messaging.ledger import reactions, tell  # noqa: E402

# the ledger is a system of its own, with one service
topology.expect_queues(lambda: [topology.queue_of(reactions)])


def die(*_args: Any, **_options: Any) -> Any:
    os.kill(os.getpid(), signal.SIGKILL)


def die_after(function: Any) -> Any:
    def wrapped(*args: Any, **options: Any) -> Any:
        function(*args, **options)
        die()

    return wrapped


class LedgerService:
    """What every service declares, less the pages."""

    name = "ledger"

    database = providers.DatabaseProvider()
    relay = providers.RelayProvider()
    retries = providers.RetryProvider(reactions)

    @entrypoint.subscribe(reactions)
    def react(self, bodies: list[bytes]) -> BaseException | None:
        return handle_batch(self.database, reactions, bodies)


class TellerService:
    """Only tells: its outbox is relayed, it hears nothing."""

    name = "ledger"
    database = providers.DatabaseProvider()
    relay = providers.RelayProvider()


def tell_on(database: Database, count: int, pause: float, reason: str) -> None:
    for _ in range(count):
        while True:
            try:
                print(tell(database, reason), flush=True)
                break
            except DatabaseAway:
                eventlet.sleep(0.1)
        eventlet.sleep(pause)
    print("told", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--tell", type=int, default=0)
    parser.add_argument("--every", type=float, default=0)
    parser.add_argument("--reason", default="")
    parser.add_argument("--die", default="")
    parser.add_argument("--teller", action="store_true")
    options = parser.parse_args()
    start_logging("INFO")
    points = {
        "before-publish": (relay.Publisher, "publish", die),
        "before-mark": (relay.Publisher, "publish", die_after(relay.Publisher.publish)),
        "before-commit": (Reactions, "react", die),
        "before-acknowledge": (entrypoint.Subscription, "_acknowledge", die),
    }
    if options.die:
        setattr(*points[options.die])
    database = providers.database_of("ledger")
    if options.tell:
        eventlet.spawn_after(0.5, tell_on, database, options.tell, options.every, options.reason)
    runner = ServiceRunner({"AMQP_URI": "", "max_workers": 20})
    runner.add_service(TellerService if options.teller else LedgerService)
    run_until_stopped(runner, ready=lambda: print("ready", flush=True))


if __name__ == "__main__":
    main()
