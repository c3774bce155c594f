"""Connections that end by themselves what hangs: each wait for a database has a limit.

Three things can keep one waiting, and each has its own guard. The server works or waits for a lock: it ends the
statement itself (`statement_timeout`, `lock_timeout`, `idle_in_transaction_session_timeout`). The network is gone: TCP
keepalives and `tcp_user_timeout`. The server is there and frozen, so that its kernel still answers for it: the driver
waits `database_statement_seconds` and ANSWER_MARGIN_SECONDS more for an answer, then drops the connection; who has
less patience says so with `answered_within`.
"""

import select
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import psycopg2.extensions
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.pool import StaticPool

from shared.settings import settings

CONNECT_SECONDS = 5
ANSWER_MARGIN_SECONDS = 5.0
"""How much later than the server's own limit ours is: only a server that is frozen lets it come to that."""
SQLITE_WAIT_SECONDS = 20.0
"""How long a writer waits for SQLite's one writer, in this process and in another."""
KEEPALIVE_PROBES = 3
PASSWORD_SECONDS, PASSWORD_PAUSE = 4.0, 0.2
"""How long a password that the server refuses is read again: its file and the server are changed within seconds."""
REFUSED = "password authentication failed"
LEAST_CONNECT_SECONDS = 2
"""Both drivers round less up to it."""
_patience: ContextVar[float | None] = ContextVar("patience", default=None)


class BoundedConnection(psycopg2.extensions.connection):
    """A psycopg2 connection whose server must answer within `answer_seconds`; None: whenever it likes."""

    answer_seconds: float | None = float(CONNECT_SECONDS)


@contextmanager
def answered_within(seconds: float) -> Iterator[None]:
    """Whoever asks PostgreSQL in this block, or connects, gives up on a server that is silent for `seconds`.

    Shortens the limit of the connection, never lengthens it. The server is told nothing, which costs no round trip.
    """
    token = _patience.set(seconds)
    try:
        yield
    finally:
        _patience.reset(token)


def _shorter(limit: float | None) -> float | None:
    patience = _patience.get()
    return limit if patience is None else patience if limit is None else min(limit, patience)


def engine_of(url: str, read_password: Callable[[], str] | None = None) -> Engine:
    """The engine of one database, PostgreSQL (psycopg2 or psycopg 3) or SQLite, with every wait limited.

    `read_password` is asked at each new connection, so that a password that is changed needs no new start: connections
    that are open stay, and one that comes in between the change at the server and that of the file tries again.
    """
    if make_url(url).get_backend_name() == "sqlite":
        return _sqlite_engine(url)
    return _postgresql_engine(url, read_password)


def lift_limits(connection: Connection) -> None:
    """Let statements of this connection take their time: migrations change whole tables. Locks stay limited."""
    if connection.dialect.name != "postgresql":
        return
    connection.exec_driver_sql("SET statement_timeout = 0")
    connection.exec_driver_sql("SET idle_in_transaction_session_timeout = 0")
    connection.commit()
    driver = connection.connection.driver_connection
    if driver is not None:
        driver.answer_seconds = None


def wait_for_answer(connection: Any) -> None:
    """Wait as psycopg2 asks its callback to: give way to other greenlets, and give up on a server that is frozen.

    Raises psycopg2.OperationalError then; psycopg2 closes the connection.
    """
    limit: float | None = getattr(connection, "answer_seconds", None)
    if limit is None and connection.status == psycopg2.extensions.STATUS_SETUP:
        limit = float(CONNECT_SECONDS)  # psycopg2's own connect_timeout does not hold once a callback waits
    limit = _shorter(limit)
    end = None if limit is None else time.monotonic() + limit
    while (state := connection.poll()) != psycopg2.extensions.POLL_OK:
        writing = state == psycopg2.extensions.POLL_WRITE
        left = None if end is None else max(0.0, end - time.monotonic())
        wait = _green_wait if _shares_its_thread() else _plain_wait
        if not wait(connection.fileno(), writing, left):
            raise psycopg2.OperationalError(f"the server did not answer within {limit} s")


def _plain_wait(descriptor: int, writing: bool, seconds: float | None) -> bool:
    """Whether the socket was ready within `seconds`."""
    own = _own_select()
    poll = own.poll()
    poll.register(descriptor, own.POLLOUT if writing else own.POLLIN)
    return bool(poll.poll(None if seconds is None else seconds * 1000))


def _green_wait(descriptor: int, writing: bool, seconds: float | None) -> bool:
    """Whether the socket was ready within `seconds`; greenlets of this thread go on meanwhile."""
    from eventlet.hubs import trampoline

    try:
        trampoline(descriptor, read=not writing, write=writing, timeout=seconds, timeout_exc=TimeoutError)
    except TimeoutError:
        # whoever kept the thread busy for so long kept us from looking, too: the answer may have come meanwhile
        return _plain_wait(descriptor, writing, 0)
    return True


def _own_select() -> Any:
    """The module as Python has it: eventlet takes `poll` out of the one that is imported."""
    if not _shares_its_thread():
        return select
    from eventlet import patcher

    return patcher.original("select")


def _shares_its_thread() -> bool:
    """Whether this process runs greenlets."""
    if "eventlet" not in sys.modules:
        return False
    from eventlet import patcher

    return bool(patcher.is_monkey_patched("socket"))


def _postgresql_engine(url: str, read_password: Callable[[], str] | None) -> Engine:
    config = settings()
    network = max(1, round(config.database_network_seconds))
    limits = {
        "statement_timeout": config.database_statement_seconds,
        "lock_timeout": config.database_lock_seconds,
        "idle_in_transaction_session_timeout": config.database_idle_seconds,
    }
    engine = create_engine(
        url,
        pool_size=config.database_pool,
        max_overflow=0,
        pool_timeout=config.database_wait_seconds,
        connect_args={
            "connect_timeout": CONNECT_SECONDS,
            "application_name": "kompeten",
            "options": " ".join(f"-c {name}={int(seconds * 1000)}" for name, seconds in limits.items()),
            "keepalives": 1,
            "keepalives_idle": network,
            "keepalives_interval": max(1, network // KEEPALIVE_PROBES),
            "keepalives_count": KEEPALIVE_PROBES,
            "tcp_user_timeout": network * 1000,
        },
    )
    answer = config.database_statement_seconds + ANSWER_MARGIN_SECONDS
    if engine.driver == "psycopg":
        _bound_psycopg(engine, answer, read_password)
    else:
        _bound_psycopg2(engine, answer, read_password)
    return engine


def _connect_with_password(
    connect: Callable[[dict[str, Any]], Any], options: dict[str, Any], read_password: Callable[[], str] | None
) -> Any:
    """Connect with the password of now; while the server refuses it, read it again for PASSWORD_SECONDS."""
    end = time.monotonic() + (_shorter(PASSWORD_SECONDS) or 0)
    while True:
        password = read_password() if read_password else ""
        try:
            return connect({**options, "password": password} if password else options)
        except Exception as error:
            if not password or REFUSED not in str(error) or time.monotonic() > end:
                raise
            time.sleep(PASSWORD_PAUSE)


def _bound_psycopg2(engine: Engine, answer: float, read_password: Callable[[], str] | None) -> None:
    psycopg2.extensions.set_wait_callback(wait_for_answer)

    @event.listens_for(engine, "do_connect")
    def connect(_dialect: Any, _record: Any, args: list[Any], options: dict[str, Any]) -> Any:
        connection = _connect_with_password(
            lambda given: psycopg2.connect(*args, connection_factory=BoundedConnection, **given),
            _add_addresses(options) if _shares_its_thread() else options,
            read_password,
        )
        connection.answer_seconds = answer
        return connection


def _add_addresses(options: dict[str, Any]) -> dict[str, Any]:
    """`options` with the addresses of their host: libpq would look them up itself and hold all greenlets meanwhile."""
    host = str(options.get("host") or "")
    if not host or host.startswith("/") or "," in host:
        return options
    from eventlet import Timeout

    try:
        with Timeout(_shorter(CONNECT_SECONDS), TimeoutError("nobody said its address in time")):
            found = socket.getaddrinfo(host, options.get("port"), type=socket.SOCK_STREAM)
    except OSError as error:
        raise psycopg2.OperationalError(f'could not translate host name "{host}" to address: {error}') from error
    addresses = list(dict.fromkeys(str(address[0]) for *_, address in found))
    return options | {"host": ",".join([host] * len(addresses)), "hostaddr": ",".join(addresses)}


def _bound_psycopg(engine: Engine, answer: float, read_password: Callable[[], str] | None) -> None:
    import psycopg

    class Bounded(psycopg.Connection[Any]):
        """A psycopg 3 connection whose server must answer within `answer_seconds`."""

        answer_seconds: float | None = answer

        def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
            limit = _shorter(self.answer_seconds if timeout is None else timeout)
            end = None if limit is None else time.monotonic() + limit
            try:
                return super().wait(gen, interval=interval, timeout=limit)
            except psycopg.OperationalError:
                if end is not None and time.monotonic() >= end:
                    self.pgconn.finish()  # what comes after would wait again for the same answer
                raise

    @event.listens_for(engine, "do_connect")
    def connect(_dialect: Any, _record: Any, args: list[Any], options: dict[str, Any]) -> Any:
        seconds = max(LEAST_CONNECT_SECONDS, round(_shorter(CONNECT_SECONDS) or 0))
        return _connect_with_password(
            lambda given: Bounded.connect(*args, **{**given, "connect_timeout": seconds}), options, read_password
        )


def _sqlite_engine(url: str) -> Engine:
    options: dict[str, Any] = {"connect_args": {"check_same_thread": False, "timeout": SQLITE_WAIT_SECONDS}}
    if make_url(url).database in (None, "", ":memory:"):
        options["poolclass"] = StaticPool
    else:
        options["pool_timeout"] = settings().database_wait_seconds
    engine = create_engine(url, **options)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # SQLAlchemy says BEGIN itself, see _begin_sqlite
    cursor = connection.cursor()
    wait = f"busy_timeout = {int(SQLITE_WAIT_SECONDS * 1000)}"
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", wait):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writing = connection.get_execution_options().get("kompeten_writing", False)
    driver = connection.connection.driver_connection
    if driver is not None and driver.in_transaction:
        driver.rollback()  # SQLite keeps a transaction whose commit failed open; SQLAlchemy takes it for ended
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
