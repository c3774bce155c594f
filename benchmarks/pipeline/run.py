"""Committed event -> published with confirm -> effect committed by the reader: events per second, and latency.

Each contender gets its own fresh database and vhost on the same servers, a relay process and a reader process.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from kombu import Connection
from sqlalchemy import func, make_url, select

from benchmarks.measure import Figure, Figures, percentiles
from benchmarks.peers import bare_kombu
from benchmarks.pipeline.work import Effect, create_tables, tell
from shared.database.unit import Database
from shared.messaging.topology import EVENTS

ROOT = Path(__file__).parents[2]
EVENTS_TOLD = 5000
CONTENDERS = {
    "kompeten": ("benchmarks.pipeline.kompeten_process",),
    "faststream": ("benchmarks.peers.faststream_process",),
    "celery": ("benchmarks.peers.celery_app",),
}


class Contest:
    """One contender on a database and a vhost of its own."""

    def __init__(self, database_url: str, broker_url: str) -> None:
        self.database = Database("bench", database_url)
        create_tables(self.database)
        self.folder = Path(tempfile.mkdtemp(prefix="kompeten-bench-"))
        plain = make_url(database_url).set(drivername="postgresql").render_as_string(hide_password=False)
        self.environment = {
            **os.environ,
            "KOMPETEN_DATABASE_URL": database_url,
            "KOMPETEN_BROKER_URL": broker_url,
            "BENCH_DATABASE": plain,
            "BENCH_BROKER": broker_url,
        }

    def start(self, module: str, *arguments: str) -> subprocess.Popen[bytes]:
        with (self.folder / f"{arguments[0]}.log").open("wb") as log:
            return subprocess.Popen(
                [sys.executable, "-m", module, *arguments], cwd=ROOT, env=self.environment, stdout=log, stderr=log
            )

    def output(self, role: str) -> list[str]:
        return (self.folder / f"{role}.log").read_text().splitlines()

    def ready(self, role: str) -> bool:
        return any(line.endswith("ready") for line in self.output(role))

    def effects(self) -> int:
        with self.database.reading() as session:
            return session.scalar(select(func.count()).select_from(Effect)) or 0

    def wait(self, condition: Callable[[], bool], seconds: float = 90) -> None:
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end:
                raise TimeoutError("\n".join(self.output("relay")[-5:] + self.output("read")[-5:]))
            time.sleep(0.02)


@contextmanager
def running(contest: Contest, *processes: tuple[str, ...]) -> Iterator[None]:
    started = []
    try:
        for module, role, *more in processes:  # the reader first: an event finds its queue only once it is declared
            started.append(contest.start(module, role, *more))
            contest.wait(partial(contest.ready, role))
        yield
    finally:
        for process in started:
            process.terminate()
        for process in started:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        contest.database.close()


def throughput(contest: Contest, module: str) -> float:
    """Events per second: all are committed, reader and relay are up; the clock runs from the first effect's eve."""
    with running(contest, (module, "read"), (module, "relay")):
        tell(contest.database, 1)
        contest.wait(lambda: contest.effects() == 1)
        started = time.perf_counter()
        tell(contest.database, EVENTS_TOLD)
        told = time.perf_counter() - started
        contest.wait(lambda: contest.effects() == EVENTS_TOLD + 1)
        return EVENTS_TOLD / (time.perf_counter() - started - told)


def latency(contest: Contest) -> Sequence[float]:
    """Seconds from the event's time to its effect's commit, one event every 20 ms."""
    module = CONTENDERS["kompeten"][0]
    with running(contest, (module, "read", "latency"), (module, "relay", "slowly")):
        contest.wait(lambda: any(line.startswith("told") for line in contest.output("relay")))
        contest.wait(lambda: contest.effects() == 250)
        time.sleep(0.3)
        lines = contest.output("read")
    return [float(line) for line in lines if line.replace(".", "", 1).isdigit()]


def run(database: Callable[[], str], broker: Callable[[], str]) -> Figures:
    """All contenders, interleaved twice; the better of two runs counts for each."""
    best = dict.fromkeys(CONTENDERS, 0.0)
    for _ in range(2):
        for name, (module,) in CONTENDERS.items():
            best[name] = max(best[name], throughput(Contest(database(), broker()), module))
    bare_url = broker()
    with Connection(bare_url) as connection:
        EVENTS(connection.channel()).declare()
    bare = EVENTS_TOLD / bare_kombu.run(bare_url, EVENTS_TOLD)
    figures = {
        "pipeline.events_per_second": Figure(best["kompeten"], "1/s"),
        "pipeline.faststream_per_second": Figure(best["faststream"], "1/s"),
        "pipeline.celery_per_second": Figure(best["celery"], "1/s"),
        "pipeline.bare_kombu_per_second": Figure(bare, "1/s"),
        "pipeline.ratio_faststream": Figure(best["kompeten"] / best["faststream"], "x"),
        "pipeline.ratio_celery": Figure(best["kompeten"] / best["celery"], "x"),
        "pipeline.ratio_bare_kombu": Figure(best["kompeten"] / bare, "x"),
    }
    return figures | percentiles(latency(Contest(database(), broker())), "pipeline.latency")
