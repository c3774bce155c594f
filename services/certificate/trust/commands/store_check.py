"""Register and store compared both ways, so that a missing, foreign or altered file does not wait for its holder.

First the store's list is gone through: what the register does not know, or knows with another size. Then, when not
every file of the register was met that way, or when every file is to be read, the register: what is missing or altered.
Each page of a list is one short transaction that also notes how far it has come, so that whoever is interrupted, by a
stop or by a store that is away, goes on from there.
"""

import hashlib
import logging
import re
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from services.certificate.commands.counting import lock_counter
from services.certificate.domain.versions import VersionState
from services.certificate.models import Certificate, Version
from services.certificate.trust.domain import Finding, Phase
from services.certificate.trust.models import StoreCheck, StoreFinding
from shared import audit, clock
from shared.clock import real_now
from shared.database.unit import Database
from shared.errors import NotFound
from shared.objectstore import Entry, ObjectStore, object_store
from shared.runtime.offload import offload, side_by_side
from shared.security.actor import SYSTEM, Actor

log = logging.getLogger(__name__)

PREFIX = "certificates/"
OURS = re.compile(r"certificates/\d{4}/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-(\d{1,4})\.pdf")
LISTED, LOOKED_AT, AT_ONCE = 1000, 100, 4
PAUSE_SECONDS = 0.02
"""Between two pages: a check has time, others have not."""
HELD = timedelta(minutes=5)
MAKING = timedelta(hours=1)
"""So long a file may wait for the transaction that makes it known."""
DAILY, WEEKLY = timedelta(days=1), timedelta(days=7)
COUNTER = "store-check"
MOST_FINDINGS = 10_000
"""Written down one by one; beyond that they are only counted."""


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

    kind: Finding
    key: str
    number: str = ""
    expected: str = ""
    found: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One page's outcome. `position` is where the next one begins; `ended` when there is none in this phase."""

    position: str
    ended: bool
    listed: int = 0
    matched: int = 0
    read: int = 0
    found: Sequence[Found] = ()


def begin_store_check(session: Session, actor: Actor, *, full: bool) -> StoreCheck:
    """A check that somebody wants; one that is still going on is taken for it."""
    lock_counter(session, COUNTER)
    running = session.scalars(select(StoreCheck).where(StoreCheck.finished_at.is_(None)).limit(1)).one_or_none()
    if running is not None:
        running.full = running.full or full
        return running
    check = StoreCheck(full=full, asked_by=actor.name)
    session.add(check)
    session.flush()
    audit.record_act(session, actor, "store:check", f"store-check/{check.id}", after={"full": full})
    return check


def check_store_daily(database: Database) -> None:
    """Once a day a check, once a week one that reads every file; whatever was begun is gone on with."""
    now = real_now()
    with database.unit_of_work() as session:
        if _none_since(session, now - DAILY):
            begin_store_check(session, SYSTEM, full=_none_since(session, now - WEEKLY, full=True))
    continue_store_check(database)


def continue_store_check(database: Database, say: Callable[[StoreCheck], None] = lambda check: None) -> UUID | None:
    """Go on with the check that is not finished, to its end; its id, or None when nobody waits for one.

    Raises StoreUnavailable: the check then stays where it is, for the next time.
    """
    check = _claimed(database)
    if check is None:
        return None
    try:
        while check.finished_at is None:
            check = _advance(database, check)
            say(check)
            time.sleep(PAUSE_SECONDS)
    except Exception:
        with database.unit_of_work() as session:
            session.get_one(StoreCheck, check.id).held_until = None
        raise
    _tell(check)
    return check.id


def _none_since(session: Session, moment: datetime, *, full: bool = False) -> bool:
    asked = select(StoreCheck.id).where(StoreCheck.asked_at > moment)
    return session.scalar((asked.where(StoreCheck.full) if full else asked).limit(1)) is None


def _claimed(database: Database) -> StoreCheck | None:
    now = real_now()
    with database.unit_of_work() as session:
        free = StoreCheck.held_until.is_(None) | (StoreCheck.held_until < now)
        check = session.scalars(
            select(StoreCheck)
            .where(StoreCheck.finished_at.is_(None), free)
            .order_by(StoreCheck.asked_at)
            .limit(1)
            .with_for_update(skip_locked=True)
        ).one_or_none()
        if check is not None:
            check.held_until = now + HELD
        return check


def _advance(database: Database, check: StoreCheck) -> StoreCheck:
    """One page: looked at outside, noted in a transaction."""
    store = object_store()
    by_list = check.phase is Phase.STORE
    step = _through_store(database, store, check) if by_list else _through_register(database, store, check)
    with database.unit_of_work() as session:
        row = session.get_one(StoreCheck, check.id, with_for_update=True)
        row.position, row.held_until = step.position, real_now() + HELD
        row.in_store += step.listed
        row.matched += step.matched
        row.read += step.read
        _write_down(session, row, step.found)
        if step.ended:
            _next_phase(session, row)
        return row


def _next_phase(session: Session, row: StoreCheck) -> None:
    """After the list, the register: unless every file of it was met and none is to be read."""
    row.position = ""
    if row.phase is Phase.STORE:
        row.in_register = session.scalar(select(func.count()).select_from(Version).where(Version.object_key != "")) or 0
        row.phase = Phase.REGISTER
        if row.full or row.matched != row.in_register:
            return
    row.phase, row.finished_at, row.held_until = Phase.DONE, real_now(), None


def _write_down(session: Session, row: StoreCheck, found: Iterable[Found]) -> None:
    for one in found:
        if row.wrong < MOST_FINDINGS:
            session.add(
                StoreFinding(
                    check_id=row.id, kind=one.kind, key=one.key, number=one.number, expected=one.expected,
                    found=one.found,
                )
            )  # fmt: skip
        row.wrong += one.kind is not Finding.ADOPTED


def _through_store(database: Database, store: ObjectStore, check: StoreCheck) -> Step:
    entries = store.page(PREFIX, after=check.position, limit=LISTED)
    if not entries:
        return Step("", ended=True)
    with database.reading() as session:
        known = {one.key: one for one in _known(session, [entry.key for entry in entries])}
    found = [_other_size(known[entry.key], entry) for entry in entries if entry.key in known and not check.full]
    found += [_stranger(database, store, entry) for entry in entries if entry.key not in known]
    told = [one for one in found if one]
    return Step(entries[-1].key, ended=False, listed=len(entries), matched=len(known), found=told)


def _other_size(one: Known, entry: Entry) -> Found | None:
    if one.size == entry.size:
        return None
    return Found(Finding.ALTERED, one.key, one.number, f"{one.size} B", f"{entry.size} B")


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
        return Found(Finding.EXTRA, entry.key, number, found=f"{entry.size} B")
    if version.object_key == entry.key:
        return None  # made known between the list and this look
    if version.state is VersionState.MAKING and version.made_at > clock.now() - MAKING:
        return None
    try:
        digest = offload(_digest, store.get(entry.key))
    except NotFound:
        return None
    with database.unit_of_work() as session:
        session.execute(
            update(Version)
            .where(Version.id == version.id, Version.object_key == "")
            .values(object_key=entry.key, sha256=digest, size=entry.size)
        )
        audit.record_act(
            session, SYSTEM, "store:adopt", f"certificate/{version.certificate_id}", after={"key": entry.key}
        )
    return Found(Finding.ADOPTED, entry.key, number, found=digest)


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


def _through_register(database: Database, store: ObjectStore, check: StoreCheck) -> Step:
    with database.reading() as session:
        rows = session.execute(
            select(Version.status_index, Version.object_key, Version.size, Version.sha256, Certificate.number)
            .join(Certificate, Certificate.id == Version.certificate_id)
            .where(Version.object_key != "", Version.status_index > int(check.position or 0))
            .order_by(Version.status_index)
            .limit(LOOKED_AT)
        ).all()
    if not rows:
        return Step("", ended=True)
    look = _read if check.full else _asked
    seen = side_by_side(lambda one: look(store, one), [Known(*row[1:]) for row in rows], AT_ONCE)
    read = len(rows) if check.full else 0
    return Step(str(rows[-1][0]), ended=False, read=read, found=[one for one in seen if one])


def _asked(store: ObjectStore, one: Known) -> Found | None:
    """Whether it is there at all: its size came with the list."""
    return None if store.exists(one.key) else Found(Finding.MISSING, one.key, one.number, f"{one.size} B")


def _read(store: ObjectStore, one: Known) -> Found | None:
    try:
        digest = offload(_digest, store.get(one.key))
    except NotFound:
        return Found(Finding.MISSING, one.key, one.number, one.sha256)
    return None if digest == one.sha256 else Found(Finding.ALTERED, one.key, one.number, one.sha256, digest)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _tell(check: StoreCheck) -> None:
    if check.wrong:
        log.error(
            "the check of the store found %d files missing, foreign or altered; see /certificate/trust or "
            "`kompeten store report`",
            check.wrong,
        )
    else:
        log.info("the check of the store found %d files in order", check.matched)
