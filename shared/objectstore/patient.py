"""A store that fails at once while its server is away, and finds out by itself when it is back."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TypeVar

from shared.circuit import Circuit, CircuitOpen
from shared.objectstore.port import PAGE, Entry, Fetched, ObjectStore, StoreAway

T = TypeVar("T")


class PatientStore:
    """Asks `store` behind a circuit: after a few calls in a row that raised StoreAway it is left alone for a rest.

    Refusals (NotFound, Conflict, a store that says no) are answers and open nothing.
    """

    def __init__(self, store: ObjectStore, circuit: Circuit) -> None:
        self.store = store
        self._circuit = circuit

    def put(
        self, key: str, data: bytes, content_type: str, keep_until: datetime | None = None, *, fresh: bool = False
    ) -> None:
        self._ask(lambda: self.store.put(key, data, content_type, keep_until, fresh=fresh))

    def get(self, key: str) -> bytes:
        return self._ask(lambda: self.store.get(key))

    def fetch(self, key: str) -> Fetched:
        return self._ask(lambda: self.store.fetch(key))

    def start(self, key: str, length: int) -> bytes:
        return self._ask(lambda: self.store.start(key, length))

    def replace(self, key: str, data: bytes, content_type: str) -> None:
        self._ask(lambda: self.store.replace(key, data, content_type))

    def size(self, key: str) -> int:
        return self._ask(lambda: self.store.size(key))

    def exists(self, key: str) -> bool:
        return self._ask(lambda: self.store.exists(key))

    def keys(self, prefix: str = "") -> Iterator[str]:
        after = ""
        while found := self.page(prefix, after):
            yield from (entry.key for entry in found)
            after = found[-1].key

    def page(self, prefix: str = "", after: str = "", limit: int = PAGE) -> list[Entry]:
        return self._ask(lambda: self.store.page(prefix, after, limit))

    def delete(self, key: str) -> None:
        self._ask(lambda: self.store.delete(key))

    def tidy(self, before: datetime) -> int:
        return self._ask(lambda: self.store.tidy(before))

    def link(self, key: str, seconds: int = 300, name: str = "") -> str:
        return self._ask(lambda: self.store.link(key, seconds, name))

    def probe(self) -> None:
        self._ask(self.store.probe)

    def _ask(self, ask: Callable[[], T]) -> T:
        try:
            return self._circuit.call(ask, StoreAway)
        except CircuitOpen as left_alone:
            raise StoreAway(str(left_alone), retry_after=left_alone.seconds) from None
