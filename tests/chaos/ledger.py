"""Starting ledger processes and counting what they did."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import func, select

from shared.database.unit import Database
from shared.messaging.models import InboxRow, InboxState, OutboxRow
from tests.unit.messaging.ledger import Effect, create_tables

ROOT = Path(__file__).parents[2]


class Ledger:
    """One system: a database, a broker, and processes between them."""

    def __init__(self, database_url: str, broker_url: str, folder: Path, runner: str = "nameko") -> None:
        self.environment = {
            **os.environ,
            "KOMPETEN_RUNNER": runner,
            "KOMPETEN_DATABASE_URL": database_url,
            "KOMPETEN_BROKER_URL": broker_url,
            "KOMPETEN_DATA_DIR": str(folder),
            "KOMPETEN_RELAY_POLL_SECONDS": "0.2",
        }
        self.folder = folder
        self.database = Database("ledger", database_url)
        create_tables(self.database)
        self._processes: list[subprocess.Popen[str]] = []

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start a process; its log goes to the folder."""
        with (self.folder / f"ledger-{len(self._processes)}.log").open("w") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.chaos.ledger_process", *arguments],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                text=True,
            )
        self._processes.append(process)
        return process

    def output(self, process: subprocess.Popen[str]) -> str:
        return (self.folder / f"ledger-{self._processes.index(process)}.log").read_text()

    def ready(self, process: subprocess.Popen[str]) -> None:
        """Wait until the process answers."""
        until(lambda: "ready" in self.output(process).splitlines() or process.poll() is not None)
        assert process.poll() is None, self.output(process)

    def count(self, reason: str | None = None) -> int:
        """How many effects there are."""
        with self.database.reading() as session:
            statement = select(func.count()).select_from(Effect)
            if reason is not None:
                statement = statement.where(Effect.reason == reason)
            return session.scalar(statement) or 0

    def told(self) -> int:
        """How many events were committed."""
        with self.database.reading() as session:
            return session.scalar(select(func.count()).select_from(OutboxRow)) or 0

    def all_once(self) -> bool:
        """Every committed event has exactly one effect (the effect's key is the event's id)."""
        with self.database.reading() as session:
            told = set(session.scalars(select(OutboxRow.id)))
            done = Counter(session.scalars(select(Effect.event_id)))
        return told == set(done) and set(done.values()) <= {1}

    def states(self) -> Counter[str]:
        with self.database.reading() as session:
            return Counter(InboxState(state) for state in session.scalars(select(InboxRow.state)))

    def close(self) -> None:
        for process in self._processes:
            process.kill()
            process.wait()
        self.database.close()


@contextmanager
def ledger_at(database_url: str, broker_url: str, folder: Path, runner: str = "nameko") -> Iterator[Ledger]:
    """A ledger whose processes `runner` runs: `nameko`, or `threads`, which has psycopg 3 for its driver."""
    if runner == "threads":
        database_url = database_url.replace("+psycopg2", "+psycopg")
    ledger = Ledger(database_url, broker_url, folder, runner)
    try:
        yield ledger
    finally:
        ledger.close()


def until(condition: Callable[[], bool], seconds: float = 60) -> None:
    """Wait for `condition`; fail when it does not come."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError(f"did not come within {seconds} s")


def killed(process: subprocess.Popen[str]) -> bool:
    """Wait for a process that kills itself."""
    return process.wait(60) == -signal.SIGKILL
