"""Uploads that no row names: a transaction that failed after the bytes were stored, or a process that died between.

They are looked for by age: an object belongs to a row within seconds of being stored, or never. Only objects under keys
that are drawn at random for each upload may be swept: nobody ever stores under such a key again, so that one which is
a day old and named by no row stays so. (Photos, minutes and certificates have keys that follow from what they are; a
job that is done twice stores them again. They are never swept.)
"""

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from shared.clock import real_now
from shared.database.unit import Database
from shared.objectstore.port import ObjectStore
from shared.settings import settings

log = logging.getLogger(__name__)

KEYS_A_STEP = 500
"""Keys looked up in one short transaction."""
DELETES_A_SWEEP = 5_000
"""The rest waits for the next day."""
PAUSE_SECONDS = 0.02
FEW = 20
"""So many orphans may be swept whatever else is there."""


@dataclass(frozen=True, slots=True)
class Uploads:
    """Objects under `prefix` are uploads of one service; `find_owned(session, keys)` gives those that a row names."""

    prefix: str
    find_owned: Callable[[Session, Sequence[str]], set[str]]


def sweep_orphans(database: Database, store: ObjectStore, uploads: Uploads) -> int:
    """Delete uploads older than `keep_uploads_days` that no row names. Returns how many went.

    Safe to run in every replica at once. When more are orphans than not, nothing is deleted: that is not what failed
    uploads look like, but a database that was restored from an old backup, or one that belongs to another store.
    Raises StoreUnavailable and DatabaseAway.
    """
    before = real_now() - timedelta(days=settings().keep_uploads_days)
    store.tidy(before)
    orphans: list[str] = []
    owned = 0
    for keys in list_old_uploads(store, uploads.prefix, before):
        with database.reading() as session:
            named = uploads.find_owned(session, keys)
        owned += len(named)
        orphans += [key for key in keys if key not in named][: DELETES_A_SWEEP - len(orphans)]
        time.sleep(PAUSE_SECONDS)
    if len(orphans) > max(FEW, owned):
        log.error(
            "%d of %d uploads under %s have no row: nothing is swept; does the database of %s belong to this store?",
            len(orphans),
            len(orphans) + owned,
            uploads.prefix,
            database.service,
        )
        return 0
    for key in orphans:
        store.delete(key)
    if orphans:
        log.info("%d uploads under %s had no row and are gone", len(orphans), uploads.prefix)
    return len(orphans)


def list_old_uploads(store: ObjectStore, prefix: str, before: datetime) -> Iterator[list[str]]:
    """The keys under `prefix` of objects stored before that moment, a page at a time."""
    after = ""
    while found := store.page(prefix, after, KEYS_A_STEP):
        after = found[-1].key
        old = [entry.key for entry in found if entry.stored_at < before]
        if old:
            yield old
