"""How often one address may try: counted in the memory of each process.

Behind several replicas an attacker gets as many tries as there are replicas; passwords have their own pause per
account, kept in the database.
"""

import time
from collections.abc import Mapping

from flask import Flask, current_app, request
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from shared.errors import N_, TooMany
from shared.web.access import Limit

EXTENSION = "kompeten.limits"

SLOW_DOWN = N_("Terlalu banyak percobaan. Tunggu sebentar lalu coba lagi.")


def install_limits(app: Flask) -> None:
    """Give `app` counters of its own, in the memory of this process."""
    app.extensions[EXTENSION] = MovingWindowRateLimiter(MemoryStorage())


def count_request(limit: Limit | None) -> None:
    """Count this request. Raises TooMany when the address has used up its rate on this view."""
    if limit is None or request.method not in limit.methods:
        return
    rate, key = parse(limit.rate), (request.endpoint or "", request.remote_addr or "")
    if not _limiter().hit(rate, *key):
        raise _too_many(rate, *key)


def refuse_spent_allowances(allowances: Mapping[str, str]) -> None:
    """Raise TooMany when one of the `allowances` (name -> rate, `"10/hour"`) is used up. Nothing is counted here."""
    for name, written in allowances.items():
        if not _limiter().test(parse(written), name):
            raise _too_many(parse(written), name)


def spend_allowances(allowances: Mapping[str, str]) -> None:
    """Count one use of each of the `allowances` (name -> rate); says nothing when one is used up."""
    for name, written in allowances.items():
        _limiter().hit(parse(written), name)


def _limiter() -> MovingWindowRateLimiter:
    limiter: MovingWindowRateLimiter = current_app.extensions[EXTENSION]
    return limiter


def _too_many(rate: RateLimitItem, *key: str) -> TooMany:
    reset = _limiter().get_window_stats(rate, *key).reset_time
    return TooMany("too-many-tries", SLOW_DOWN, details={"retry_after": max(1, int(reset - time.time()) + 1)})
