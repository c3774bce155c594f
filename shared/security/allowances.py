"""Shared allowances: how often something may happen, counted across replicas.

What is counted stands in the store of `KOMPETEN_LIMITS_URL` (Redis or Valkey), or in the memory of this process where
none is named. While the store is away each process counts in its own memory: nobody is refused because a counter cannot
be reached, and a guesser gets at most one fresh allowance of each replica. Only what happened is counted: a refusal
uses nothing up, so nobody is kept out longer by asking again.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache, partial
from threading import Lock
from typing import TypeVar, cast
from urllib.parse import quote, urlsplit

from limits import RateLimitItem, parse_many
from limits.errors import StorageError
from limits.storage import Storage, storage_from_string
from limits.strategies import FixedWindowRateLimiter
from redis.backoff import NoBackoff
from redis.retry import Retry

from shared.circuit import Circuit, CircuitOpen
from shared.security.counters import ProcessCounters
from shared.settings import settings

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

    @property
    def minutes(self) -> int:
        """`retry_after` in minutes, for people: what has begun counts whole."""
        return -(-self.retry_after // 60)


class Allowances:
    """Counters in a shared store, and in this process's memory without one or while it is away."""

    def __init__(self, shared: Storage | None = None) -> None:
        self._shared = FixedWindowRateLimiter(shared) if shared else None
        self._own = FixedWindowRateLimiter(ProcessCounters())
        # counters in memory are read and written in two steps, which threads may come between
        self._turn = Lock()
        self._circuit = Circuit("the store of limits", failures=1, rest_seconds=AWAY_SECONDS)

    def take(self, *allowances: Allowance) -> None:
        """Use one of each of `allowances`, in their order. Raises Spent at the first used up; then none is used."""
        for position, allowance in enumerate(allowances):
            if not self._count(partial(_take_one, allowance)):
                self.give_back(*allowances[:position])
                # another one may be used up for longer
                raise Spent(allowance, max(self._find_wait(each) for each in allowances[position:]))

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

    def ask_store(self) -> None:
        """Raise ConnectionError when the shared store does not answer; nothing where there is none."""
        if self._shared is not None and not self._shared.storage.check():
            raise ConnectionError(f"no answer within {PATIENCE_SECONDS} s, or a wrong password")

    def _find_wait(self, allowance: Allowance) -> int:
        return max(1, int(self._count(partial(_find_reset, allowance)) - time.time()) + 1)

    def _count(self, act: Callable[[FixedWindowRateLimiter], R]) -> R:
        if self._shared is not None:
            with suppress(StorageError, CircuitOpen):
                return self._circuit.call(partial(act, self._shared), StorageError)
        with self._turn:
            return act(self._own)


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
