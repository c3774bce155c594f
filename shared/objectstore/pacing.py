"""Waiting for a server, with an end: a file that comes or goes in drops, and one more try of what failed at once."""

import io
import time
from typing import Any

import urllib3


class TooLong(Exception):
    """A file came or went in drops for longer than `Limits.whole`."""


class OneMoreTry(urllib3.Retry):
    """Tries once more what failed at once; what timed out is not tried again, so that a caller waits for it once."""

    def increment(self, *args: Any, **kwargs: Any) -> "OneMoreTry":
        error = kwargs.get("error")
        if isinstance(error, urllib3.exceptions.TimeoutError):
            raise error
        return super().increment(*args, **kwargs)


class Paced(io.BytesIO):
    """A body that is sent block by block, and not for ever: a socket's own time-out begins anew with each block."""

    def __init__(self, data: bytes, seconds: float) -> None:
        super().__init__(data)
        self._seconds, self._end = seconds, time.monotonic() + seconds

    def read(self, size: int | None = -1) -> bytes:
        if time.monotonic() > self._end:
            raise TooLong(f"a file took longer than {self._seconds:g} s to go")
        return super().read(size)
