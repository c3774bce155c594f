"""Sessions: one unit of work is one transaction."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

from shared.database.away import DatabaseAway, Why, is_away, why_away
from shared.settings import settings

__all__ = ["TOLD", "Database", "DatabaseAway", "Why", "database_url", "is_away", "why_away"]

TOLD = "kompeten.told"
"""Key in `Session.info`: this unit of work has something for the relay or the job runner."""


class Database:
    """One service's own database.

    On SQLite there is one writer at a time: writers queue here, in the process, instead of failing on the file's lock.
    """

    def __init__(self, service: str, url: str | None = None) -> None:
        self.service = service
        self.engine = _engine(url or database_url(service))
        self._sqlite = self.engine.dialect.name == "sqlite"
        self._writer = Lock()
        self._wakers: list[Callable[[], None]] = []
        self._writing = self.engine.execution_options(kompeten_writing=True)

    def on_commit(self, wake: Callable[[], None]) -> None:
        """Call `wake` after each commit that left events or jobs."""
        self._wakers.append(wake)

    @contextmanager
    def unit_of_work(self) -> Iterator[Session]:
        """A session that commits at the end, or rolls back when the block raises.

        Raises what the block raises, and DatabaseAway when the database is away or too busy:
        at the first statement, in the block, or at the commit (see `shared.database.away`).
        """
        if self._sqlite:
            self._writer.acquire()
        try:
            with _saying_away(), Session(self._writing, expire_on_commit=False) as session:
                yield session
                session.commit()
                told = session.info.get(TOLD, False)
        finally:
            if self._sqlite:
                self._writer.release()
        if told:
            self.wake()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that changes nothing: it is rolled back at the end. Raises DatabaseAway as `unit_of_work` does."""
        with _saying_away(), Session(self.engine, expire_on_commit=False) as session:
            yield session

    def wake(self) -> None:
        for wake in self._wakers:
            wake()

    def close(self) -> None:
        self.engine.dispose()


@contextmanager
def _saying_away() -> Iterator[None]:
    """Turn the errors of drivers and pool that say "not now" into DatabaseAway."""
    try:
        yield
    except (DBAPIError, PoolTimeout) as error:
        why = why_away(error)
        if why is None:
            raise
        raise DatabaseAway(why, type(getattr(error, "orig", None) or error).__name__) from error


def database_url(service: str) -> str:
    """The URL of `service`'s database, its password filled in from the secret file."""
    config = settings()
    if not config.database_url:
        config.data_dir.mkdir(parents=True, exist_ok=True)
        return f"sqlite:///{config.data_dir / service}.sqlite3"
    url = make_url(config.database_url.replace("{service}", service))
    password = config.secret(config.database_password_file)
    if password:
        url = url.set(password=password)
    return url.render_as_string(hide_password=False)


def _engine(url: str) -> Engine:
    if not url.startswith("sqlite"):
        return create_engine(
            url,
            pool_size=settings().database_pool,
            max_overflow=0,
            pool_pre_ping=False,
            connect_args={"connect_timeout": 5, "application_name": "kompeten"},
        )
    options: dict[str, Any] = {"connect_args": {"check_same_thread": False, "timeout": 20}}
    if make_url(url).database in (None, "", ":memory:"):
        options["poolclass"] = StaticPool
    engine = create_engine(url, **options)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # SQLAlchemy says BEGIN itself, see _begin_sqlite
    cursor = connection.cursor()
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "busy_timeout = 20000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writing = connection.get_execution_options().get("kompeten_writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
