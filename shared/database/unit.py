"""Sessions: one unit of work is one transaction."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from pathlib import Path
from threading import BoundedSemaphore, Lock

from sqlalchemy import Engine, make_url, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session
from sqlalchemy.pool import QueuePool

from shared.database.away import DatabaseAway, Why, describe_cause, is_away, why_away
from shared.database.connections import SQLITE_WAIT_SECONDS, answered_within, engine_of
from shared.settings import settings

__all__ = ["ASKED", "TOLD", "Database", "DatabaseAway", "Why", "database_url", "is_away", "why_away"]

TOLD = "kompeten.told"
"""Key in `Session.info`: this unit of work has an event for the relay."""
ASKED = "kompeten.asked"
"""Key in `Session.info`: this unit of work has a job for the job runner."""
WEB_MARGIN_SECONDS = 1.0
"""How much longer web requests wait for an answer than they may for a lock: the server's own word says more."""
LOOK_SECONDS = 0.05
"""How often a probe looks for a free connection."""


class Database:
    """One service's own database.

    Its connections are few, and web requests may not have them all: `for_web()` gives the same database with fewer
    seats, so that a storm of requests leaves `database_reserved` connections to consumer, relay, jobs and timers.
    On SQLite there is one writer at a time: writers queue here, in the process, instead of failing on the file's lock.
    """

    def __init__(self, service: str, url: str | None = None) -> None:
        self.service = service
        self.engine = engine_of(url, None) if url else engine_of(database_url(service), lambda: read_password(service))
        self._sqlite = self.engine.dialect.name == "sqlite"
        self._writer = Lock()
        self._wakers: list[tuple[str, Callable[[], None]]] = []
        self._writing = self.engine.execution_options(kompeten_writing=True)
        self._seats: BoundedSemaphore | None = None
        self._web: Database | None = None
        self._fence: Callable[[Session], None] | None = None

    def for_web(self) -> "Database":
        """This database for web requests: who finds all their seats taken waits `database_wait_seconds`, no longer.

        A server that is silent for `database_web_seconds`, the wait for a seat included, counts as away.
        The same object each time; closing either closes both.
        """
        if self._seats is not None:
            return self
        if self._web is None:
            web = copy(self)
            web._seats = BoundedSemaphore(max(1, settings().database_pool - settings().database_reserved))
            self._web = web
        return self._web

    def check_answer(self, seconds: float) -> None:
        """Raise DatabaseAway unless the database answers within `seconds`, free seat and free connection included."""
        end = time.monotonic() + seconds
        with self._seat(seconds), _saying_away():
            self._wait_for_connection(end)
            with answered_within(max(LOOK_SECONDS, end - time.monotonic())), self.engine.connect() as connection:
                connection.execute(text("SELECT 1"))

    def _wait_for_connection(self, end: float) -> None:
        """Wait until the pool has a connection to give; the pool itself waits as long as the settings say."""
        pool = self.engine.pool
        while isinstance(pool, QueuePool) and pool.checkedout() >= pool.size():
            if time.monotonic() >= end:
                raise DatabaseAway(Why.POOL, "all connections are in use")
            time.sleep(LOOK_SECONDS)

    def fenced_by(self, ask: Callable[[Session], None]) -> "Database":
        """This database, with every unit of work beginning with `ask`; what that raises rolls the unit back."""
        fenced = copy(self)
        fenced._fence = ask
        return fenced

    def on_commit(self, left: str, wake: Callable[[], None]) -> None:
        """Call `wake` after each commit that left something: `left` is TOLD for events, ASKED for jobs."""
        self._wakers.append((left, wake))

    @contextmanager
    def unit_of_work(self) -> Iterator[Session]:
        """A session that commits at the end, or rolls back when the block raises.

        Raises what the block raises, and DatabaseAway when the database is away or too busy:
        at the first statement, in the block, or at the commit (see `shared.database.away`).
        """
        with (
            self._only_writer(),
            self._seat(),
            _saying_away(),
            Session(self._writing, expire_on_commit=False) as session,
        ):
            if self._fence is not None:
                self._fence(session)
            yield session
            session.commit()
        for left, wake in self._wakers:
            if session.info.get(left):
                wake()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that changes nothing: it is rolled back at the end. Raises DatabaseAway as `unit_of_work` does."""
        with self._seat(), _saying_away(), _session(self.engine) as session:
            yield session

    @contextmanager
    def _only_writer(self) -> Iterator[None]:
        """On SQLite: wait for the writer before, without holding a seat or connection meanwhile."""
        if not self._sqlite:
            yield
            return
        if not self._writer.acquire(timeout=SQLITE_WAIT_SECONDS):
            raise DatabaseAway(Why.LOCK, "another writer does not end")
        try:
            yield
        finally:
            self._writer.release()
            # nothing waits for SQLite as for a server, so that a dozen jobs in a row, each with its commit and its
            # file, held every request for a third of a second; and whoever waits to write would come last
            time.sleep(0)

    @contextmanager
    def _seat(self, seconds: float | None = None) -> Iterator[None]:
        """One of the connections web requests may have. Raises DatabaseAway when none gets free in time."""
        if self._seats is None:
            yield
            return
        begun, patience = time.monotonic(), settings().database_web_seconds + WEB_MARGIN_SECONDS
        if not self._seats.acquire(timeout=settings().database_wait_seconds if seconds is None else seconds):
            raise DatabaseAway(Why.POOL, "all connections for web requests are in use")
        try:
            with answered_within(max(WEB_MARGIN_SECONDS, patience - (time.monotonic() - begun))):
                yield
        finally:
            self._seats.release()

    def close(self) -> None:
        """Close every connection of the pool; the next use opens new ones."""
        self.engine.dispose()


def _session(engine: Engine) -> Session:
    return Session(engine, expire_on_commit=False)


@contextmanager
def _saying_away() -> Iterator[None]:
    """Turn the errors of drivers and pool that say "not now" into DatabaseAway."""
    try:
        yield
    except (DBAPIError, PoolTimeout) as error:
        why = why_away(error)
        if why is None:
            raise
        raise DatabaseAway(why, describe_cause(error)) from error


def database_url(service: str) -> str:
    """The URL of `service`'s database, its password filled in from the secret file."""
    config = settings()
    if not config.database_url:
        config.data_dir.mkdir(parents=True, exist_ok=True)
        return f"sqlite:///{config.data_dir / service}.sqlite3"
    url = make_url(config.database_url.replace("{service}", service))
    if password := read_password(service):
        url = url.set(password=password)
    return url.render_as_string(hide_password=False)


def read_password(service: str) -> str:
    """The password of the database role, as its secret file has it now; empty where no file is named."""
    config = settings()
    named = config.database_password_file
    return config.secret(Path(str(named).replace("{service}", service)) if named else None)
