"""What both web servers allow a connection, and how many of them one asker: nobody takes all places."""

from collections import Counter
from threading import Lock

from shared.settings import settings
from shared.web.bodies import KIB
from shared.web.proxies import household_of

CONNECTIONS = 1000
"""Connections a server holds at most; it takes no more until one ends."""
HEAD_BYTES = 16 * KIB
"""Request line and headers together: what they hold is taken apart piece by piece."""
IDLE_SECONDS = 75
"""How long a connection is kept for a next request; the proxy lets go of it before."""
RETRY_SECONDS = 5
FULL = b"Terlalu banyak permintaan sekaligus dari alamat Anda. Tunggu sebentar, lalu coba lagi.\n"
TOO_MANY = (
    b"HTTP/1.1 429 Too Many Requests\r\nContent-Type: text/plain; charset=utf-8\r\n"
    b"Retry-After: %d\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s" % (RETRY_SECONDS, len(FULL), FULL)
)
"""The whole answer to a connection too many."""


class Places:
    """Places held, by address; `KOMPETEN_CONNECTIONS_PER_ADDRESS` at most for each (an IPv6 network counts as one)."""

    def __init__(self) -> None:
        self._held: Counter[str] = Counter()
        self._lock = Lock()

    def take(self, address: str) -> bool:
        """Take one place for `address`; False when it holds all that it may."""
        name = household_of(address)
        with self._lock:
            if self._held[name] >= settings().connections_per_address:
                return False
            self._held[name] += 1
            return True

    def has_room(self, address: str) -> bool:
        """Whether `address` may take one more."""
        return self._held[household_of(address)] < settings().connections_per_address

    def leave(self, address: str) -> None:
        """Give back a place that was taken."""
        name = household_of(address)
        with self._lock:
            self._held[name] -= 1
            if not self._held[name]:
                del self._held[name]

    @property
    def held(self) -> int:
        """Places that are taken now."""
        return self._held.total()
