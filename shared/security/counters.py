"""Counters of one process: how often something happened within a window, for as long as the window lasts."""

import heapq
import time

from limits.storage import Storage

MOST_COUNTERS = 100_000
"""As many are kept, some 30 MB; then those whose windows end soonest make room."""
SWEPT_AT_ONCE = 4
"""Ended windows that are removed when a new one begins: more than come, so that they never pile up."""
FEW = 100
"""So many entries of windows that were cleared are no reason to make the order anew."""


class ProcessCounters(Storage):
    """What the library `limits` counts in, kept in memory.

    Its own memory storage starts a thread at nearly every count, which looks at all counters every 10 ms: the more
    networks strangers ask from, the longer everybody waits. Here a count costs the same however many there are, and
    what has ended is removed by those who come. Whoever shares one among threads takes turns.
    """

    STORAGE_SCHEME = ["kompeten-process"]

    def __init__(self, most: int = MOST_COUNTERS) -> None:
        self._most = most
        self._counts: dict[str, int] = {}
        self._ends: dict[str, float] = {}
        self._by_end: list[tuple[float, str]] = []
        super().__init__()

    def __len__(self) -> int:
        return len(self._counts)

    @property
    def base_exceptions(self) -> type[Exception] | tuple[type[Exception], ...]:
        return ()

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count `amount` more in the window of `key`, which begins now, for `expiry` seconds, if there is none.

        What is given back (`amount` below 0) after its window has ended begins none and is no credit for the next.
        """
        now = time.time()
        if self._ends.get(key, 0) <= now:
            self.clear(key)
            if amount <= 0:
                return 0
            self._begin(key, now, now + expiry)
        self._counts[key] = max(0, self._counts[key] + amount)
        return self._counts[key]

    def get(self, key: str) -> int:
        return self._counts[key] if self._ends.get(key, 0) > time.time() else 0

    def get_expiry(self, key: str) -> float:
        """When the window of `key` ends, seconds since 1970; now, where there is none."""
        return self._ends.get(key, time.time())

    def check(self) -> bool:
        return True

    def clear(self, key: str) -> None:
        self._counts.pop(key, None)
        self._ends.pop(key, None)

    def reset(self) -> int | None:
        counted = len(self._counts)
        self._counts.clear()
        self._ends.clear()
        self._by_end.clear()
        return counted

    def _begin(self, key: str, now: float, end: float) -> None:
        self._sweep(now)
        self._counts[key], self._ends[key] = 0, end
        heapq.heappush(self._by_end, (end, key))
        if len(self._by_end) > 2 * len(self._counts) + FEW:
            self._leave_cleared_out()

    def _leave_cleared_out(self) -> None:
        """Order anew what is counted, without what was cleared. Seldom enough that it costs little."""
        self._by_end = [(end, key) for key, end in self._ends.items()]
        heapq.heapify(self._by_end)

    def _sweep(self, now: float) -> None:
        """Remove some of what has ended, and what would be too many."""
        for _ in range(SWEPT_AT_ONCE):
            if not self._by_end or (self._by_end[0][0] > now and len(self._counts) < self._most):
                return
            end, key = heapq.heappop(self._by_end)
            if self._ends.get(key) == end:  # else it was cleared, or began anew
                self.clear(key)
