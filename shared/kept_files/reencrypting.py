"""Files written anew under the newest key, each in its place, while the system runs.

Whoever reads meanwhile gets the earlier bytes or the new ones, and both open. What is under the newest key is passed
over by its first bytes, so that whoever was interrupted begins anew cheaply.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from shared.database.unit import Database
from shared.errors import NotFound
from shared.kept_files.keeping import CONTENT_TYPE, encrypt_anew
from shared.kept_files.register import KnownFile, Register
from shared.objectstore.port import ObjectStore
from shared.runtime.offload import offload, side_by_side
from shared.security.encryption import START_BYTES, Kind, NotReadable, is_newest
from shared.security.reencryption import Tally

LISTED, AT_ONCE = 100, 4
MISSING = "missing"
"""Files that are not in the store are the matter of `kompeten store check`."""


def reencrypt_files(
    database: Database, store: ObjectStore, register: Register, kind: Kind, say: Callable[[Tally], None]
) -> Tally:
    """Bring every file of `register` under the newest key of its kind; `say` hears how far it is after each page.

    Raises StoreUnavailable and DatabaseAway; safe to repeat.
    """
    tally = Tally(kind.ring, f"files under {register.prefix}")
    for known in _list_in_pages(database, register):
        for became in side_by_side(partial(_reencrypt_file, store, kind), known, AT_ONCE):
            tally.seen += 1
            tally.changed += became == "changed"
            tally.unreadable += became == "unreadable"
        say(tally)
    return tally


def count_old_files(database: Database, store: ObjectStore, register: Register, kind: Kind) -> Tally:
    """How many files of `register` need an earlier key, or are not encrypted at all. Raises StoreUnavailable."""
    tally = Tally(kind.ring, f"files under {register.prefix}")
    for known in _list_in_pages(database, register):
        starts = side_by_side(partial(_read_start, store), known, AT_ONCE)
        tally.seen += len(known)
        tally.old += sum(start is not None and not is_newest(kind, start) for start in starts)
    return tally


def _list_in_pages(database: Database, register: Register) -> Iterator[Sequence[KnownFile]]:
    after = ""
    while True:
        with database.reading() as session:
            known = register.list_known(session, after, LISTED)
        if not known:
            return
        yield known
        after = known[-1].key


def _reencrypt_file(store: ObjectStore, kind: Kind, one: KnownFile) -> str:
    start = _read_start(store, one)
    if start is None:
        return MISSING
    if is_newest(kind, start):
        return "new"
    try:
        anew = offload(encrypt_anew, kind, one.key, store.get(one.key), one.sha256)
    except NotReadable:
        return "unreadable"
    except NotFound:
        return MISSING
    store.replace(one.key, anew, CONTENT_TYPE)
    return "changed"


def _read_start(store: ObjectStore, one: KnownFile) -> bytes | None:
    try:
        return store.start(one.key, START_BYTES)
    except NotFound:
        return None
