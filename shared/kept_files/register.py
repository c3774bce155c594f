"""How a service says which files of the store are its own: the columns that name them, and what they are to people."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from shared.security.encryption import Kind, decrypt_bytes


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A file as a register names it; `sha256` (hex) is of its content, as it was before it was encrypted."""

    key: str
    sha256: str


@dataclass(frozen=True, slots=True)
class WhatIsKept:
    """What a file is to people: its name, whose it is, and the page where it stands (an address)."""

    title: str
    whose: str
    address: str


@dataclass(frozen=True, slots=True)
class Register:
    """The files under `prefix` in the store, as the columns `key` and `sha256` of one table name them.

    `kind` is what they are encrypted as; None: they are stored as they are.
    `describe(session, keys)` says what files are; one that it leaves out is of no use to anybody any more.
    `advice` tells who reads the list of lost files what to do (a msgid).
    """

    prefix: str
    key: InstrumentedAttribute[Any]
    sha256: InstrumentedAttribute[Any]
    kind: Kind | None
    describe: Callable[[Session, Sequence[str]], Mapping[str, WhatIsKept]]
    advice: str

    def read_content(self, stored: bytes, key: str) -> bytes:
        """The content of what is stored under `key`. Raises NotReadable for what was altered."""
        return decrypt_bytes(self.kind, stored, key) if self.kind else stored

    def list_known(self, session: Session, after: str, limit: int) -> list[KnownFile]:
        """The next `limit` files whose keys come after `after`, in the database's order of keys, each key once."""
        rows = session.execute(self._named().where(self.key > after).order_by(self.key).limit(limit))
        return [KnownFile(key, sha256 or "") for key, sha256 in rows]

    def find_known(self, session: Session, keys: Sequence[str]) -> list[KnownFile]:
        """Those of `keys` that the register names."""
        rows = session.execute(self._named().where(self.key.in_(keys)))
        return [KnownFile(key, sha256 or "") for key, sha256 in rows]

    def count_known(self, session: Session) -> int:
        """How many files it names."""
        named = select(func.count(self.key.distinct())).where(self.key.is_not(None), self.key != "")
        return session.scalar(named) or 0

    def _named(self) -> Select[Any]:
        named = select(self.key, func.max(self.sha256)).where(self.key.is_not(None), self.key != "")
        return named.group_by(self.key)  # a renewal shares the bytes of the earlier file: two rows, one key
