"""Kompeten's side: `relay` publishes the outbox, `read` takes in; a process each, on the real nameko edge."""

import warnings

warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")
import eventlet  # noqa: E402

eventlet.monkey_patch()
from psycogreen.eventlet import patch_psycopg  # noqa: E402

patch_psycopg()

import json  # noqa: E402
import sys  # noqa: E402
import time  # noqa: E402
from datetime import datetime  # noqa: E402
from uuid import UUID  # noqa: E402

from nameko.runners import ServiceRunner  # noqa: E402

from benchmarks.pipeline.work import reactions, tell_events  # noqa: E402
from shared.database.opened import database_of  # noqa: E402
from shared.messaging import entrypoint, providers  # noqa: E402
from shared.messaging.consumer import handle_batch  # noqa: E402
from shared.runtime.logs import start_logging  # noqa: E402
from shared.runtime.nameko_runner import run_until_stopped  # noqa: E402

LATENCIES = "latency"


class Relaying:
    name = "bench"
    database = providers.DatabaseProvider()
    relay = providers.RelayProvider()


class Reading:
    name = "bench"
    database = providers.DatabaseProvider()

    @entrypoint.subscribe(reactions)
    def react(self, bodies: list[bytes]) -> BaseException | None:
        outcome = handle_batch(self.database, reactions, bodies)
        if LATENCIES in sys.argv:
            now = time.time()
            for body in bodies:
                committed = datetime.fromisoformat(json.loads(body)["time"])
                print(f"{now - committed.timestamp():.6f}", flush=True)
        return outcome


def tell_slowly(count: int, pause: float) -> None:
    database = database_of("bench")
    for _ in range(count):
        tell_events(database, 1)
        eventlet.sleep(pause)
    print("told", UUID(int=0), flush=True)


def main() -> None:
    start_logging("WARNING")
    runner = ServiceRunner({"AMQP_URI": "", "max_workers": 20})
    runner.add_service(Relaying if sys.argv[1] == "relay" else Reading)
    if "slowly" in sys.argv:
        eventlet.spawn_after(1, tell_slowly, 250, 0.02)
    run_until_stopped(runner, ready=lambda: print("ready", flush=True))


if __name__ == "__main__":
    main()
