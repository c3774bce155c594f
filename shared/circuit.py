"""A server that does not answer is left alone for a while, so that nobody else waits for it in vain."""

import logging
import time
from collections.abc import Callable
from threading import Lock
from typing import TypeVar

log = logging.getLogger(__name__)

T = TypeVar("T")


class CircuitOpen(Exception):
    """The server is being left alone: it was not asked. `seconds` until the next trial, `cause` what it did last."""

    def __init__(self, name: str, seconds: float, cause: str) -> None:
        super().__init__(f"{name} is left alone for {seconds:.1f} s: {cause}")
        self.seconds = seconds
        self.cause = cause


class Circuit:
    """Opens after `failures` in a row, and closes by itself: after `rest_seconds` one caller tries for all.

    While that one waits for its answer the others are refused, as they are once its trial has failed. A trial that
    never comes back (its process or greenlet was ended) holds nobody up: after another rest somebody else tries.
    """

    def __init__(
        self,
        name: str,
        failures: int = 3,
        rest_seconds: float = 5.0,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name = name
        self._most, self._rest, self._now = failures, rest_seconds, now
        self._failed = 0
        self._until = 0.0
        self._cause = ""
        self._lock = Lock()

    def call(self, ask: Callable[[], T], away: type[Exception]) -> T:
        """Return what `ask` returns. Only `away` counts as a failure: any other exception is an answer, too.

        Raises CircuitOpen without asking while the server is left alone, and whatever `ask` raises.
        """
        self._admit()
        try:
            answer = ask()
        except away as error:
            self._count_failure(str(error))
            raise
        except Exception:
            self._close()
            raise
        self._close()
        return answer

    def _admit(self) -> None:
        with self._lock:
            if self._failed < self._most:
                return
            left = self._until - self._now()
            if left > 0:
                raise CircuitOpen(self.name, left, self._cause)
            self._until = self._now() + self._rest  # this caller is the trial; the others wait for its outcome

    def _count_failure(self, cause: str) -> None:
        with self._lock:
            self._failed += 1
            self._until, self._cause = self._now() + self._rest, cause
            opened = self._failed == self._most
        if opened:
            log.error("%s does not answer and is left alone: %s", self.name, cause)

    def _close(self) -> None:
        with self._lock:
            was_open = self._failed >= self._most
            self._failed = 0
        if was_open:
            log.warning("%s answers again", self.name)
