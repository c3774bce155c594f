"""How often one address may try: counted in the memory of each process.

Behind several replicas an attacker gets as many tries as there are replicas; passwords have their own pause per
account, kept in the database.
"""

import time

from flask import Flask, current_app, request
from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from shared.errors import N_, TooMany
from shared.web.access import Limit

EXTENSION = "kompeten.limits"

SLOW_DOWN = N_("Terlalu banyak percobaan. Tunggu sebentar lalu coba lagi.")


def install(app: Flask) -> None:
    """Give `app` counters of its own."""
    app.extensions[EXTENSION] = MovingWindowRateLimiter(MemoryStorage())


def count(limit: Limit | None) -> None:
    """Count this request. Raises TooMany when the address has used up its rate on this view."""
    if limit is None or request.method not in limit.methods:
        return
    limiter: MovingWindowRateLimiter = current_app.extensions[EXTENSION]
    rate = parse(limit.rate)
    key = (request.endpoint or "", request.remote_addr or "")
    if not limiter.hit(rate, *key):
        reset = limiter.get_window_stats(rate, *key).reset_time
        raise TooMany("too-many-tries", SLOW_DOWN, details={"retry_after": max(1, int(reset - time.time()) + 1)})
