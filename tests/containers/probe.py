"""Asks an address again and again while things are being broken, and counts the answers."""

import threading
import time
from collections import Counter
from types import TracebackType
from typing import Self

import httpx


class Probe:
    """GET `url` every 50 ms from the start to the end of the block; `answers` counts status codes and errors."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.answers: Counter[str] = Counter()
        self.slowest = 0.0
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._ask, daemon=True)

    def _ask(self) -> None:
        with httpx.Client(timeout=30) as client:
            while not self._stopping.wait(0.05):
                started = time.monotonic()
                try:
                    answer = str(client.get(self.url).status_code)
                except httpx.HTTPError as error:
                    answer = type(error).__name__
                self.slowest = max(self.slowest, time.monotonic() - started)
                self.answers[answer] += 1

    def __str__(self) -> str:
        counts = ", ".join(f"{many} x {answer}" for answer, many in sorted(self.answers.items()))
        return f"{counts}; slowest {1000 * self.slowest:.0f} ms"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._stopping.set()
        self._thread.join(35)
