"""One page of the comparison of register and store: what does not agree on it.

Files are looked at outside any transaction, for the store may be slow. The one thing written here is the adoption of
a file of ours that the register had not heard of.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.certificate.domain.versions import VersionState
from services.certificate.models import Certificate, Version
from services.certificate.trust.domain import Discrepancy
from services.certificate.trust.models import StoreCheck
from shared import audit, clock
from shared.database.unit import Database
from shared.errors import NotFound
from shared.objectstore import Entry, ObjectStore
from shared.runtime.offload import offload, side_by_side
from shared.security.actor import SYSTEM

PREFIX = "certificates/"
OURS = re.compile(r"certificates/\d{4}/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-(\d{1,4})\.pdf")
BEFORE_ALL = -1
"""Before the lowest index in the status lists."""
LISTED, LOOKED_AT, AT_ONCE = 1000, 100, 4
MAKING = timedelta(hours=1)
"""So long a file may wait for the transaction that makes it known."""


@dataclass(frozen=True, slots=True)
class Known:
    """A file as the register has it."""

    key: str
    size: int
    sha256: str
    number: str


@dataclass(frozen=True, slots=True)
class Found:
    """Something that does not agree."""

    kind: Discrepancy
    key: str
    number: str = ""
    expected: str = ""
    found: str = ""


@dataclass(frozen=True, slots=True)
class ComparedPage:
    """One page's outcome. `position` is where the next one begins; `ended` when there is none in this phase."""

    position: str
    ended: bool
    listed: int = 0
    matched: int = 0
    read: int = 0
    found: Sequence[Found] = ()


def compare_store_page(database: Database, store: ObjectStore, check: StoreCheck) -> ComparedPage:
    """Compare the next files the store lists with what the register says of them: unknown ones, and other sizes.

    Raises StoreUnavailable.
    """
    entries = store.page(PREFIX, after=check.position, limit=LISTED)
    if not entries:
        return ComparedPage("", ended=True)
    with database.reading() as session:
        known = {one.key: one for one in _known(session, [entry.key for entry in entries])}
    found = [_other_size(known[entry.key], entry) for entry in entries if entry.key in known and not check.full]
    found += [_stranger(database, store, entry) for entry in entries if entry.key not in known]
    told = [one for one in found if one]
    return ComparedPage(entries[-1].key, ended=False, listed=len(entries), matched=len(known), found=told)


def compare_register_page(database: Database, store: ObjectStore, check: StoreCheck) -> ComparedPage:
    """Look in the store for the next files the register names: there at all, or, in a full check, the same bytes.

    Raises StoreUnavailable.
    """
    with database.reading() as session:
        rows = session.execute(
            select(Version.status_index, Version.object_key, Version.size, Version.sha256, Certificate.number)
            .join(Certificate, Certificate.id == Version.certificate_id)
            .where(Version.object_key != "", Version.status_index > int(check.position or BEFORE_ALL))
            .order_by(Version.status_index)
            .limit(LOOKED_AT)
        ).all()
    if not rows:
        return ComparedPage("", ended=True)
    look = _read if check.full else _asked
    seen = side_by_side(lambda one: look(store, one), [Known(*row[1:]) for row in rows], AT_ONCE)
    read = len(rows) if check.full else 0
    return ComparedPage(str(rows[-1][0]), ended=False, read=read, found=[one for one in seen if one])


def _other_size(one: Known, entry: Entry) -> Found | None:
    if one.size == entry.size:
        return None
    return Found(Discrepancy.ALTERED, one.key, one.number, f"{one.size} B", f"{entry.size} B")


def _known(session: Session, keys: Sequence[str]) -> list[Known]:
    rows = session.execute(
        select(Version.object_key, Version.size, Version.sha256, Certificate.number)
        .join(Certificate, Certificate.id == Version.certificate_id)
        .where(Version.object_key.in_(keys))
    )
    return [Known(*row) for row in rows]


def _stranger(database: Database, store: ObjectStore, entry: Entry) -> Found | None:
    """What a file is that no row names: of a version that never came to its end, or somebody else's.

    The first kind is made known with its version; one that is just being made is left to whoever makes it.
    """
    with database.reading() as session:
        version, number = _maker(session, entry.key)
    if version is None or version.object_key not in ("", entry.key):
        return Found(Discrepancy.EXTRA, entry.key, number, found=f"{entry.size} B")
    if version.object_key == entry.key:
        return None  # made known between the list and this look
    if version.state is VersionState.MAKING and version.made_at > clock.now() - MAKING:
        return None
    try:
        digest = offload(_digest, store.get(entry.key))
    except NotFound:
        return None
    with database.unit_of_work() as session:
        known = session.get_one(Version, version.id, with_for_update=True)
        if known.object_key == "":
            known.object_key, known.sha256, known.size = entry.key, digest, entry.size
        audit.record_act(
            session, SYSTEM, "store:adopt", f"certificate/{version.certificate_id}", after={"key": entry.key}
        )
    return Found(Discrepancy.ADOPTED, entry.key, number, found=digest)


def _maker(session: Session, key: str) -> tuple[Version | None, str]:
    """The version whose file has this key, by the key alone, and its certificate's number."""
    ours = OURS.fullmatch(key)
    row = (
        session.execute(
            select(Version, Certificate.number)
            .join(Certificate, Certificate.id == Version.certificate_id)
            .where(Version.certificate_id == UUID(ours[1]), Version.version == int(ours[2]))
        ).one_or_none()
        if ours
        else None
    )
    return (row[0], row[1]) if row else (None, "")


def _asked(store: ObjectStore, one: Known) -> Found | None:
    """Whether it is there at all: its size came with the list."""
    return None if store.exists(one.key) else Found(Discrepancy.MISSING, one.key, one.number, f"{one.size} B")


def _read(store: ObjectStore, one: Known) -> Found | None:
    try:
        digest = offload(_digest, store.get(one.key))
    except NotFound:
        return Found(Discrepancy.MISSING, one.key, one.number, one.sha256)
    return None if digest == one.sha256 else Found(Discrepancy.ALTERED, one.key, one.number, one.sha256, digest)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
