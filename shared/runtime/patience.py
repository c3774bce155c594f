"""Time that a client may keep us waiting, however it deals it out: afterwards its connection is cut (eventlet)."""

import time
from contextlib import nullcontext
from typing import Any

from eventlet import greenio
from eventlet.hubs import get_hub


class Patience:
    """`seconds` for one thing (a head, a body, an answer), spent only between `begin` and `end`, or in a `with` block.

    When they are spent the connection is shut down: whoever reads from it finds its end, whoever writes an error. What
    the application does meanwhile with a database costs the client nothing.
    """

    def __init__(self, connection: Any, seconds: float) -> None:
        self._connection = connection
        self._left = seconds
        self._timer: Any = None
        self._began = 0.0

    def begin(self) -> None:
        """Begin to wait for the client."""
        if self._timer is None:
            self._began = time.monotonic()
            self._timer = get_hub().schedule_call_global(max(0.0, self._left), greenio.shutdown_safe, self._connection)

    def end(self) -> None:
        """Wait no more for now; again is no error."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
            self._left -= time.monotonic() - self._began

    def __enter__(self) -> None:
        self.begin()

    def __exit__(self, *_: object) -> None:
        self.end()


class PatientWriter:
    """A connection's output, with `patience` for the client to take it."""

    def __init__(self, output: Any) -> None:
        self._output = output
        self.patience: Patience | None = None

    def write(self, data: bytes) -> Any:
        """Write `data`, waiting for the client where it must be."""
        with self._waiting():
            return self._output.write(data)

    def writelines(self, lines: Any) -> None:
        """Write all the `lines`."""
        with self._waiting():
            self._output.writelines(lines)

    def flush(self) -> None:
        """Hand over what is still held back."""
        with self._waiting():
            self._output.flush()

    def close(self) -> None:
        """Hand over what is still held back, and close."""
        with self._waiting():
            self._output.close()

    @property
    def closed(self) -> bool:
        """Whether it is closed."""
        return bool(self._output.closed)

    def _waiting(self) -> Any:
        return self.patience or nullcontext()
