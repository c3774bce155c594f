"""When a database cannot do its work for now: away, frozen, full or too busy. Nothing is wrong with what was asked.

`Database.unit_of_work()` and `Database.reading()` raise `DatabaseAway` for all of it, so that nobody above them looks
at the errors of drivers or pools. Web requests answer it with 503, consumers hold the batch, jobs wait untried.
"""

from enum import StrEnum

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from shared.errors import Unavailable


class Why(StrEnum):
    """What keeps the database from its work."""

    LOST = "lost"
    """Not to be reached, or the connection broke: stopped, restarting, hung, its disk gone."""
    FULL = "full"
    """The server takes no more: connections, memory, disk."""
    POOL = "pool"
    """All connections of this process are in use; none came back in time."""
    LOCK = "lock"
    """Another transaction holds a lock and did not let go in time, or two waited for each other."""
    SLOW = "slow"
    """A statement or a transaction took longer than it may, and was ended."""


class DatabaseAway(Unavailable):
    """The database cannot do this now; the transaction was rolled back, the same again may succeed.

    `why` says what kept it. LOST, FULL and POOL say nothing about the work. LOCK and SLOW may come again and again of
    the same work (one reaction whose statement never ends): who repeats it for ever should count those.
    The message keeps the kind of error and the server's own first line (`describe_cause`).
    """

    def __init__(self, why: Why, cause: str = "") -> None:
        super().__init__(f"{why.value}: {cause}" if cause else why.value)
        self.why = why


LONGEST_CAUSE = 300
POSTGRESQL: dict[str, Why] = {
    "08": Why.LOST,  # connection exceptions
    "28": Why.LOST,  # the server does not let this role in: a password, or what the server allows
    "3D000": Why.LOST,  # there is no such database (yet)
    "57P": Why.LOST,  # shut down, crashed, starting, the database dropped
    "58": Why.LOST,  # system errors: I/O and the like
    "53": Why.FULL,  # insufficient resources; 53300 is too many connections
    "55P03": Why.LOCK,  # lock_timeout, or NOWAIT
    "40P01": Why.LOCK,  # deadlock
    "40001": Why.LOCK,  # serialization failure
    "57014": Why.SLOW,  # statement_timeout
    "25P03": Why.SLOW,  # idle_in_transaction_session_timeout
    "25P04": Why.SLOW,  # transaction_timeout
    "25006": Why.LOST,  # read-only: a standby, while another server takes over
}
"""SQLSTATEs by how they begin."""

SQLITE: dict[int, Why] = {
    5: Why.LOCK,  # SQLITE_BUSY: "database is locked"
    6: Why.LOCK,  # SQLITE_LOCKED
    7: Why.FULL,  # SQLITE_NOMEM
    8: Why.LOST,  # SQLITE_READONLY: the disk was mounted read-only
    10: Why.LOST,  # SQLITE_IOERR
    13: Why.FULL,  # SQLITE_FULL
    14: Why.LOST,  # SQLITE_CANTOPEN
    15: Why.LOCK,  # SQLITE_PROTOCOL: the locks of the write-ahead log
}
"""Primary result codes. SQLITE_ERROR (1) is a wrong statement, and is not among them."""


def why_away(error: BaseException) -> Why | None:
    """What keeps the database from its work, if `error` says so; None for an error of the work itself."""
    if isinstance(error, DatabaseAway):
        return error.why
    if isinstance(error, PoolTimeout):
        return Why.POOL
    if not isinstance(error, DBAPIError):
        return None
    cause = error.orig
    code: str | None = getattr(cause, "sqlstate", None) or getattr(cause, "pgcode", None)
    if code is not None:
        return next((why for begin, why in POSTGRESQL.items() if code.startswith(begin)), None)
    if (cause.__class__.__module__ or "").startswith("sqlite3"):
        return SQLITE.get(getattr(cause, "sqlite_errorcode", 0) & 0xFF)
    if error.connection_invalidated or isinstance(error, OperationalError | InterfaceError):
        return Why.LOST  # a driver's own error, without a word of the server: the connection is gone
    return None


def describe_cause(error: BaseException) -> str:
    """Kind and first line of an error that `why_away` knows: `OperationalError: ... password authentication failed`.

    What these errors say first is about server and connection; values of a statement come in later lines, if at all.
    """
    if isinstance(error, DatabaseAway):
        return str(error)
    cause = getattr(error, "orig", None) or error
    words = str(cause).strip().partition("\n")[0]
    return f"{type(cause).__name__}: {words}"[:LONGEST_CAUSE] if words else type(cause).__name__


def is_away(error: BaseException) -> bool:
    """Whether the database is away or too busy, rather than the statement wrong: try the same again later."""
    return why_away(error) is not None
