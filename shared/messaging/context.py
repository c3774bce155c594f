"""What led to what: carried along from a request or an event to everything that follows from it.

The correlation id joins all that followed from one request or one tick of a timer; the causation id is the event that
led to this one. Both go with events (envelope) and with jobs (their row).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import uuid4

correlation: ContextVar[str] = ContextVar("correlation", default="")
causation: ContextVar[str | None] = ContextVar("causation", default=None)


def correlation_id() -> str:
    """The id that joins all that follows from one request; a new one where none was given."""
    return correlation.get() or uuid4().hex


@contextmanager
def following_cause(correlation_id: str, causation_id: str | None = None) -> Iterator[None]:
    """What happens in the block follows from this request or event."""
    first, second = correlation.set(correlation_id), causation.set(causation_id)
    try:
        yield
    finally:
        correlation.reset(first)
        causation.reset(second)


@contextmanager
def beginning_cause() -> Iterator[None]:
    """What happens in the block follows from nothing told before, and belongs together: one tick of a timer, say."""
    with following_cause(uuid4().hex):
        yield
