"""Shared allowances: how often something may happen, counted across replicas.

What is counted stands in the store of `KOMPETEN_LIMITS_URL` (Redis or Valkey), or in the memory of this process where
none is named. While the store is away each process counts in its own memory: nobody is refused because a counter cannot
be reached, and a guesser gets at most one fresh allowance of each replica. Only what happened is counted: a refusal
uses nothing up, so nobody is kept out longer by asking again.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from threading import Lock
from typing import TypeVar, cast
from urllib.parse import quote, urlsplit

from limits import RateLimitItem, parse_many
from limits.errors import StorageError
from limits.storage import MemoryStorage, Storage, storage_from_string
from limits.strategies import FixedWindowRateLimiter
from redis.backoff import NoBackoff
from redis.retry import Retry

from shared.settings import settings

log = logging.getLogger(__name__)

R = TypeVar("R")
_opening = Lock()
PATIENCE_SECONDS = 0.3
"""How long the store's answer is waited for."""
AWAY_SECONDS = 5.0
"""How long a store that did not answer is left alone; then one request asks it again."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """What may happen how often: `name` says what, `subject` whose it is, in marks that name nobody.

    `rates` are as the library `limits` reads them, several with `;` between. With
    "10/15 minutes; 20/2 hours; 40/day" whoever goes on waits longer each time.
    """

    name: str
    rates: str
    subject: tuple[str, ...] = ()

    @property
    def windows(self) -> list[RateLimitItem]:
        return parse_many(self.rates)

    @property
    def key(self) -> tuple[str, ...]:
        return (self.name, *self.subject)


class Spent(Exception):
    """`allowance` is used up, and begins anew in `retry_after` seconds."""

    def __init__(self, allowance: Allowance, retry_after: int) -> None:
        super().__init__(allowance.name)
        self.allowance = allowance
        self.retry_after = retry_after


class Allowances:
    """Counters in a shared store, and in this process's memory without one or while it is away."""

    def __init__(self, shared: Storage | None = None) -> None:
        self._shared = FixedWindowRateLimiter(shared) if shared else None
        self._own = FixedWindowRateLimiter(MemoryStorage())
        # The memory's counters are written in two steps, which threads may come between.
        self._turn = Lock()
        self._ask_again_at = 0.0

    def take(self, *allowances: Allowance) -> None:
        """Use one of each of `allowances`, in their order. Raises Spent at the first used up; then none is used."""
        for position, allowance in enumerate(allowances):
            if not self._count(partial(_take_one, allowance)):
                self.give_back(*allowances[:position])
                raise Spent(allowance, self._find_wait(allowance))

    def give_back(self, *allowances: Allowance) -> None:
        """Return one of each, taken for something that did not count after all."""
        for allowance in allowances:
            self._count(partial(_give_back, allowance, allowance.windows))

    def check(self, *allowances: Allowance) -> None:
        """Raise Spent when one of `allowances` is used up; uses nothing."""
        for allowance in allowances:
            if not self._count(partial(_is_left, allowance)):
                raise Spent(allowance, self._find_wait(allowance))

    def forget(self, *allowances: Allowance) -> None:
        """Begin each of `allowances` anew."""
        for allowance in allowances:
            self._count(partial(_forget, allowance))

    def _find_wait(self, allowance: Allowance) -> int:
        return max(1, int(self._count(partial(_find_reset, allowance)) - time.time()) + 1)

    def _count(self, act: Callable[[FixedWindowRateLimiter], R]) -> R:
        if self._shared is not None and self._may_ask():
            try:
                answer = act(self._shared)
            except StorageError as error:
                self._ask_again_at = time.monotonic() + AWAY_SECONDS
                log.warning("the store of limits is away, counted in memory: %s", type(error.__cause__).__name__)
            else:
                self._ask_again_at = 0.0
                return answer
        with self._turn:
            return act(self._own)

    def _may_ask(self) -> bool:
        """Whether the store may be asked. Of many requests at once, one asks a store that was away."""
        with self._turn:
            now = time.monotonic()
            if now < self._ask_again_at:
                return False
            if self._ask_again_at:
                self._ask_again_at = now + AWAY_SECONDS
            return True


def find_allowances() -> Allowances:
    """The counters of this process, as `KOMPETEN_LIMITS_URL` says."""
    # Threads that ask for the first time at once would otherwise each count in a memory of their own.
    with _opening:
        return open_allowances()


@lru_cache(maxsize=1)
def open_allowances() -> Allowances:
    """The counters, made once; ask for them by `find_allowances`."""
    return Allowances(_open_store(settings().limits_url) if settings().limits_url else None)


def _open_store(url: str) -> Storage:
    password = settings().secret(settings().limits_password_file)
    if password:
        parts = urlsplit(url)
        url = parts._replace(netloc=f":{quote(password, safe='')}@{parts.netloc.rpartition('@')[2]}").geturl()
    opened = storage_from_string(
        url,
        wrap_exceptions=True,
        socket_timeout=PATIENCE_SECONDS,
        socket_connect_timeout=PATIENCE_SECONDS,
        retry=Retry(NoBackoff(), 0),  # type: ignore[arg-type]
    )
    return cast(Storage, opened)


def _take_one(allowance: Allowance, limiter: FixedWindowRateLimiter) -> bool:
    taken: list[RateLimitItem] = []
    for window in allowance.windows:
        taken.append(window)
        if not limiter.hit(window, *allowance.key):
            _give_back(allowance, taken, limiter)
            return False
    return True


def _give_back(allowance: Allowance, windows: list[RateLimitItem], limiter: FixedWindowRateLimiter) -> None:
    for window in windows:
        limiter.hit(window, *allowance.key, cost=-1)


def _is_left(allowance: Allowance, limiter: FixedWindowRateLimiter) -> bool:
    return all(limiter.test(window, *allowance.key) for window in allowance.windows)


def _forget(allowance: Allowance, limiter: FixedWindowRateLimiter) -> None:
    for window in allowance.windows:
        limiter.clear(window, *allowance.key)


def _find_reset(allowance: Allowance, limiter: FixedWindowRateLimiter) -> float:
    stats = [limiter.get_window_stats(window, *allowance.key) for window in allowance.windows]
    return max((found.reset_time for found in stats if found.remaining < 1), default=0.0)
