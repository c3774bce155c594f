"""Clocks of a test's own, so that no result hangs on the day, the hour or the speed of the machine."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from shared import clock


@contextmanager
def stopped_at(at: datetime) -> Iterator[None]:
    """The machine's clock shows `at`, and stands still."""
    with clock.read_from(lambda: at):
        yield
