"""Kompeten's side: `relay` publishes the outbox, `read` takes in; a process each, on the runner of KOMPETEN_RUNNER."""

import os

if os.environ.get("KOMPETEN_RUNNER") != "threads":
    import warnings

    warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")
    import eventlet

    eventlet.monkey_patch()
    from psycogreen.eventlet import patch_psycopg

    patch_psycopg()

import json
import sys
import threading
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from benchmarks.pipeline.work import Base, reactions, tell_events
from kompeten.running import choose_runner
from shared.database.opened import database_of
from shared.messaging import consumer
from shared.messaging.admission import Received
from shared.messaging.inbox import take_in_batch
from shared.runtime.logs import start_logging
from shared.runtime.service import Service

LATENCIES = "latency"
SLOWLY = "slowly"
EVENTS, PAUSE = 250, 0.02


def declare_role(role: str) -> Service:
    """The service that only relays, or only reads."""
    return Service(
        name="bench",
        title="Benchmark",
        folder=Path(__file__).parent,
        metadata=Base.metadata,
        reactions=reactions if role == "read" else None,
        tells=role == "relay",
    )


def print_latencies() -> None:
    """Print, for each event taken in from now on, the seconds from its time to its effect's commit."""

    def take_in_and_print(database: Any, own: Any, bodies: Sequence[Received]) -> Any:
        taken = take_in_batch(database, own, bodies)
        now = time.time()
        for body in bodies:
            committed = datetime.fromisoformat(json.loads(body.body)["time"])
            print(f"{now - committed.timestamp():.6f}", flush=True)
        return taken

    setattr(consumer, "take_in_batch", take_in_and_print)  # noqa: B010


def tell_slowly() -> None:
    database = database_of("bench")
    for _ in range(EVENTS):
        tell_events(database, 1)
        time.sleep(PAUSE)
    print("told", flush=True)


def main() -> None:
    start_logging("WARNING")
    if LATENCIES in sys.argv:
        print_latencies()
    if SLOWLY in sys.argv:
        threading.Timer(1, tell_slowly).start()
    runner = choose_runner()
    services = runner.make_runner([declare_role(sys.argv[1])], serve_web=False)
    runner.run_until_stopped(services, ready=lambda: print("ready", flush=True))


if __name__ == "__main__":
    main()
