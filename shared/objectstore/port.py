"""What any store of documents does. A stored object never changes: a correction is another object under another key."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol

from shared.errors import N_, Conflict, Invalid, NotFound, Unavailable

KEY = re.compile(r"[a-z0-9][a-z0-9._-]*(/[a-z0-9][a-z0-9._-]*)*", re.ASCII)
KEY_LENGTH = 200
PAGE = 1000
PROBE = "probe/write"
"""The one object that is written over: whether the store takes anything is tried with it."""
RETRY_AFTER = 5.0


class StoreUnavailable(Unavailable):
    """The store does not answer, is full or says no: nothing is known to be stored, try again later.

    `retry_after` is the seconds until it is worth trying again.
    """

    def __init__(self, said: str = "", *, retry_after: float = RETRY_AFTER) -> None:
        super().__init__(said)
        self.retry_after = retry_after


class StoreAway(StoreUnavailable):
    """The store cannot be reached, says nothing, takes too long, or answers that it is ill (5xx)."""


DELETABLE = ("documents/", "surveillance/")
"""Uploads under random keys: all that a service may ever delete. What was issued is not among it."""

REPLACEABLE = (*DELETABLE, "photos/", "minutes/")
"""What is encrypted, and never locked: all that a service may ever write over, with the same content."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a store's list; `size` in bytes. `stored_at` is by the store's clock."""

    key: str
    size: int
    stored_at: datetime = field(default=datetime.min.replace(tzinfo=UTC), compare=False)


@dataclass(frozen=True, slots=True)
class Fetched:
    """A stored object with what was said of it when it was put: all that a copy of the store needs."""

    data: bytes
    content_type: str
    keep_until: datetime | None = None


class ObjectStore(Protocol):
    """Keys are lower-case paths (`certificates/2026/<uuid>.pdf`). Every call may raise StoreUnavailable."""

    def put(
        self, key: str, data: bytes, content_type: str, keep_until: datetime | None = None, *, fresh: bool = False
    ) -> None:
        """Keep `data` under `key`, durably, once this returns. The same bytes again are fine.

        Until `keep_until` nobody can delete or shorten that, as far as the store can hold to it. Raises Conflict when
        other bytes are there already: whoever came first stays. `fresh`: the caller knows that nobody ever stored
        under this key, so that a store that would have to ask first can save the question.
        """

    def get(self, key: str) -> bytes:
        """The bytes. Raises NotFound."""

    def fetch(self, key: str) -> Fetched:
        """The bytes, their type and until when they are locked, as far as the store keeps and tells it.

        Raises NotFound.
        """

    def start(self, key: str, length: int) -> bytes:
        """The first `length` bytes, or all where there are fewer. Raises NotFound."""

    def replace(self, key: str, data: bytes, content_type: str) -> None:
        """Put `data` in the place of what is under `key`, at once and whole: the same content, encrypted anew.

        Raises Invalid for a key outside `REPLACEABLE`: what was issued never changes.
        """

    def size(self, key: str) -> int:
        """How many bytes. Raises NotFound."""

    def exists(self, key: str) -> bool:
        """Whether something is kept under `key`."""

    def keys(self, prefix: str = "") -> Iterator[str]:
        """All keys that begin with `prefix`, in order."""

    def page(self, prefix: str = "", after: str = "", limit: int = PAGE) -> list[Entry]:
        """The next `limit` objects whose keys begin with `prefix` and come after `after`, in the order of bytes."""

    def delete(self, key: str) -> None:
        """Delete an upload, every version of it; one that is gone already is fine.

        Raises Invalid for a key outside `DELETABLE`, and StoreUnavailable also for an object that is locked.
        """

    def tidy(self, before: datetime) -> int:
        """Remove what writers that died before that moment left half written. Returns how many; they have no keys."""

    def link(self, key: str, seconds: int = 300, name: str = "") -> str:
        """An address that gives the object, saved as `name`, to whoever holds it, for so many seconds.

        Empty when readers can't reach the store: then the service itself hands it out. Raises NotFound.
        """

    def probe(self) -> None:
        """Write something, to know that the store takes it. Raises StoreUnavailable with the reason."""


def checked_key(key: str) -> str:
    """`key` itself, if it can be one: no empty part, none beginning with a dot, not too long. Raises Invalid."""
    if len(key) > KEY_LENGTH or not KEY.fullmatch(key):
        raise Invalid("object-key", N_("{key} tidak dapat menjadi nama berkas di penyimpanan."), key=repr(key[:80]))
    return key


def deletable_key(key: str) -> str:
    """`key` itself, if it is an upload's. Raises Invalid for anything else: certificates are never deleted."""
    if not checked_key(key).startswith(DELETABLE):
        raise Invalid("object-kept", N_("{key} tidak boleh dihapus dari penyimpanan."), key=repr(key[:80]))
    return key


def replaceable_key(key: str) -> str:
    """`key` itself, if what is under it may be encrypted anew. Raises Invalid for anything else."""
    if not checked_key(key).startswith(REPLACEABLE):
        raise Invalid("object-kept", N_("{key} tidak boleh ditimpa di penyimpanan."), key=repr(key[:80]))
    return key


class AbsentObject(NotFound):
    """Nothing is stored under `key`, which logs say and readers are not told."""

    def __init__(self, key: str) -> None:
        super().__init__("object-not-found", N_("Berkas ini tidak ada di penyimpanan."))
        self.key = key

    def __str__(self) -> str:
        return f"nothing is stored under {self.key}"


def absent_object(key: str) -> NotFound:
    """The refusal that says that nothing is stored under `key`."""
    return AbsentObject(key)


def taken_key(key: str) -> Conflict:
    """The refusal that says that other bytes are stored under `key` already; they are not overwritten."""
    return Conflict("object-exists", N_("Berkas {key} sudah ada dengan isi lain dan tidak ditimpa."), key=key)
