"""One contender on a database and a vhost of its own: its processes, its events, its effects."""

import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import psycopg2
from sqlalchemy import make_url

from benchmarks.revision import WORKING_COPY, Tree

TELLING = Path(__file__).with_name("telling.py")
LOOK_SECONDS = 0.05
"""How often the effects are counted: seldom enough to cost nothing, often enough for runs of seconds."""


@dataclass(frozen=True, slots=True)
class Contender:
    """`module` is started twice, as `relay` and as `read`; `settings` says how it is set up, for the reader."""

    name: str
    module: str
    events: int
    settings: str
    tree: Tree = WORKING_COPY
    environment: dict[str, str] = field(default_factory=dict)
    driver: str = "psycopg2"


class Contest:
    """A contender that runs on `database_url` (psycopg2's scheme) and `broker_url`, both empty."""

    def __init__(self, contender: Contender, database_url: str, broker_url: str) -> None:
        self.contender = contender
        self._plain = make_url(database_url).set(drivername="postgresql").render_as_string(hide_password=False)
        self._folder = Path(tempfile.mkdtemp(prefix="kompeten-bench-"))
        self._environment = {
            **contender.tree.environment,
            "KOMPETEN_DATABASE_URL": database_url.replace("+psycopg2", f"+{contender.driver}"),
            "KOMPETEN_BROKER_URL": broker_url,
            "BENCH_DATABASE": self._plain,
            "BENCH_BROKER": broker_url,
            **contender.environment,
        }
        self._run_telling("create")
        self._connection = psycopg2.connect(self._plain)
        self._connection.autocommit = True

    @contextmanager
    def running(self, read: tuple[str, ...] = (), relay: tuple[str, ...] = ()) -> Iterator[None]:
        """Reader and relay are ready in the block, started with these further arguments, and ended after it."""
        started = []
        try:
            # the reader first: an event finds its queue only once it is declared
            for role, arguments in (("read", read), ("relay", relay)):
                started.append(self._start(role, *arguments))
                self.wait(partial(self._is_ready, role))
            yield
        finally:
            for process in started:
                process.terminate()
            for process in started:
                _end(process)
            self._connection.close()

    def tell(self, count: int) -> float:
        """Commit `count` events in one transaction. The monotonic time of the commit, in seconds."""
        return float(self._run_telling("tell", str(count)))

    def count_effects(self) -> int:
        """Effects committed by the reader so far."""
        with self._connection.cursor() as cursor:
            cursor.execute("select count(*) from effects")
            (count,) = cursor.fetchone() or (0,)
        return int(count)

    def wait(self, condition: Callable[[], bool], seconds: float = 120) -> None:
        """Raises TimeoutError, with the last lines of both processes, when `condition` does not come to hold."""
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end:
                raise TimeoutError("\n".join(self.output("relay")[-5:] + self.output("read")[-5:]))
            time.sleep(LOOK_SECONDS)

    def output(self, role: str) -> list[str]:
        """The lines that `relay` or `read` has printed and logged."""
        log = self._folder / f"{role}.log"
        return log.read_text().splitlines() if log.exists() else []

    def _is_ready(self, role: str) -> bool:
        return any(line.endswith("ready") for line in self.output(role))

    def _start(self, role: str, *arguments: str) -> subprocess.Popen[bytes]:
        tree, module = self.contender.tree, self.contender.module
        with (self._folder / f"{role}.log").open("wb") as log:
            return subprocess.Popen(
                [tree.python, "-m", module, role, *arguments],
                cwd=tree.folder,
                env=self._environment,
                stdout=log,
                stderr=log,
            )

    def _run_telling(self, *arguments: str) -> str:
        tree = self.contender.tree
        return subprocess.run(
            [tree.python, str(TELLING), *arguments],
            cwd=tree.folder,
            env=self._environment,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        ).stdout


def _end(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def measure_throughput(contest: Contest) -> float:
    """Events per second, from the commit of the events until the last effect is committed; everything is warm."""
    count = contest.contender.events
    with contest.running():
        contest.tell(1)
        contest.wait(lambda: contest.count_effects() == 1)
        committed = contest.tell(count)
        contest.wait(lambda: contest.count_effects() == count + 1)
        return count / (time.monotonic() - committed)
