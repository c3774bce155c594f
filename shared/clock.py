"""The time everybody works by.

A trial system may move it ahead; everything that lasts in the real world (tokens, retries, leases) uses `real_now`.
Tests put a clock of their own in the machine's place with `read_from`.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

JAKARTA = ZoneInfo("Asia/Jakarta")

_ahead = timedelta(0)


def _machine() -> datetime:
    return datetime.now(UTC)


_source: Callable[[], datetime] = _machine


def real_now() -> datetime:
    """The machine's time, aware UTC."""
    return _source()


@contextmanager
def read_from(source: Callable[[], datetime]) -> Iterator[None]:
    """Take `source`, which gives aware UTC times, for the machine's clock as long as this lasts, in this process.

    What libraries read for themselves (token expiry, TLS, the database's own `now()`) stays the machine's.
    """
    global _source
    before, _source = _source, source
    try:
        yield
    finally:
        _source = before


def now() -> datetime:
    """The body's time, aware UTC: the machine's, moved ahead on a trial system."""
    return real_now() + _ahead


def today() -> date:
    """The body's day, as the wall calendar in Jakarta shows it."""
    return now().astimezone(JAKARTA).date()


def set_ahead(seconds: int) -> None:
    """Let this process work by a time `seconds` ahead of the machine's: on a trial system, and in tests."""
    global _ahead
    _ahead = timedelta(seconds=seconds)


def seconds_ahead() -> int:
    """Seconds the body's time is ahead of the machine's."""
    return int(_ahead.total_seconds())
