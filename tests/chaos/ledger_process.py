"""The ledger as a process of its own, run by a real runner (KOMPETEN_RUNNER), that a test may kill at a chosen point.

    python -m tests.chaos.ledger_process [--tell N] [--every SECONDS] [--die POINT] [--fail-at-first KIND] [--teller]

Prints `ready`, then each thing's id as it is committed. `--die` names where the process kills itself with SIGKILL:
`before-publish`, `before-mark` (published and confirmed), `before-commit` and `before-acknowledge` (effect committed).
"""

import os

if os.environ.get("KOMPETEN_RUNNER") != "threads":
    import warnings

    warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")
    import eventlet

    eventlet.monkey_patch()
    from psycogreen.eventlet import patch_psycopg

    patch_psycopg()

import argparse
import signal
import threading
import time
from pathlib import Path
from typing import Any

from sqlalchemy.exc import TimeoutError as PoolTimeout

from kompeten.running import choose_runner
from shared.database.opened import database_of
from shared.database.unit import Database, DatabaseAway
from shared.messaging import consumer, inbox, relay, topology
from shared.messaging.reactions import Reactions
from shared.runtime.logs import start_logging
from shared.runtime.service import Service
from tests.unit.messaging.ledger import Base, reactions, tell

# the ledger is a system of its own, with one service
topology.expect_queues(lambda: [topology.queue_of(reactions)])


def die(*_args: Any, **_options: Any) -> Any:
    os.kill(os.getpid(), signal.SIGKILL)


def die_after(function: Any) -> Any:
    def wrapped(*args: Any, **options: Any) -> Any:
        function(*args, **options)
        die()

    return wrapped


def declare_ledger(*, only_tells: bool) -> Service:
    """What every service declares, less the pages; one that only tells has its outbox relayed, and hears nothing."""
    return Service(
        name="ledger",
        title="Ledger",
        folder=Path(__file__).parent,
        metadata=Base.metadata,
        reactions=None if only_tells else reactions,
    )


class Abandoned(BaseException):
    """What ends a greenlet or a thread and is no Exception, as the time-outs of eventlet."""


def tell_on(database: Database, count: int, pause: float, reason: str) -> None:
    for _ in range(count):
        while True:
            try:
                print(tell(database, reason), flush=True)
                break
            except DatabaseAway:
                time.sleep(0.1)
        time.sleep(pause)
    print("told", flush=True)


FAILURES: dict[str, BaseException] = {
    "KeyError": KeyError("a bug"),
    "MemoryError": MemoryError(),
    "TimeoutError": PoolTimeout("the pool is drained"),
    "UnicodeDecodeError": UnicodeDecodeError("utf-8", b"", 0, 0, "bad"),
    "Abandoned": Abandoned(),
}


def fail_at_first(failure: BaseException) -> None:
    """Let the first batch meet something nobody foresaw; the ones after it are taken in as ever."""
    answers = [failure]

    def take_in_after_failing(*args: Any) -> int:
        if answers:
            print("failing", flush=True)
            raise answers.pop()
        return inbox.take_in_batch(*args)

    setattr(consumer, "take_in_batch", take_in_after_failing)  # noqa: B010 - not its own name there


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--tell", type=int, default=0)
    parser.add_argument("--every", type=float, default=0)
    parser.add_argument("--reason", default="")
    parser.add_argument("--die", default="")
    parser.add_argument("--teller", action="store_true")
    parser.add_argument("--fail-at-first", choices=FAILURES)
    options = parser.parse_args()
    start_logging("INFO")
    points = {
        "before-publish": (relay.Publisher, "publish", die),
        "before-mark": (relay.Publisher, "publish", die_after(relay.Publisher.publish)),
        "before-commit": (Reactions, "react", die),
        "before-acknowledge": (consumer.Deliveries, "note_success", die),
    }
    if options.die:
        setattr(*points[options.die])
    if options.fail_at_first:
        fail_at_first(FAILURES[options.fail_at_first])
    database = database_of("ledger")
    if options.tell:
        telling = (database, options.tell, options.every, options.reason)
        threading.Timer(0.5, tell_on, telling).start()
    runner = choose_runner()
    services = [declare_ledger(only_tells=options.teller)]
    runner.run_until_stopped(runner.make_runner(services, serve_web=False), ready=lambda: print("ready", flush=True))


if __name__ == "__main__":
    main()
