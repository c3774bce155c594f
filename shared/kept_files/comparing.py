"""Register and store compared both ways, so that a lost, altered or foreign file does not wait for whoever needs it.

First the store's list is gone through: what no register names. Then, when not every file of the register was met that
way, or when every file is to be read, the register: what is missing, and whose content has another SHA-256. Files are
looked at outside any transaction; each page of a list is one short transaction that also notes how far it has come, so
that whoever is interrupted, by a stop or by a store that is away, goes on from there.
"""

import hashlib
import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

from shared.clock import real_now
from shared.database.turns import take_turns
from shared.database.unit import Database
from shared.errors import NotFound
from shared.kept_files.findings import (
    LOST,
    count_findings,
    find_open,
    resolve_findings,
    resolve_unseen_findings,
    write_findings,
)
from shared.kept_files.models import FileCheck, FilePhase, FileState
from shared.kept_files.register import KnownFile, Register
from shared.objectstore import ObjectStore, StoreUnavailable, object_store
from shared.runtime.offload import offload, side_by_side
from shared.security.encryption import NotReadable
from shared.settings import settings

log = logging.getLogger(__name__)

LISTED, LOOKED_AT, AT_ONCE = 500, 100, 4
PAUSE_SECONDS = 0.02
"""Between two pages: a check has time, others have not."""
HELD = timedelta(minutes=5)
DAILY, WEEKLY = timedelta(days=1), timedelta(days=7)

Say = Callable[[FileCheck], None]


@dataclass(slots=True)
class ComparedPage:
    """One page's outcome: `position` is where the next one begins; `ended` when there is none in this phase."""

    position: str = ""
    ended: bool = False
    listed: int = 0
    matched: int = 0
    read: int = 0
    wrong: dict[str, FileState] = field(default_factory=dict)
    right: list[str] = field(default_factory=list)


def check_files_daily(database: Database, store: ObjectStore, registers: Iterable[Register]) -> None:
    """Check each register once a day, once a week with every file read, and go on with what was interrupted.

    Raises StoreUnavailable; what was found until then is kept.
    """
    for register in registers:
        if _is_due(database, register):
            check_files(database, store, register)


def check_files_unless_away(database: Database, registers: Iterable[Register]) -> None:
    """Check the files that are due with the store of this process; while that is away log that the check waits."""
    try:
        check_files_daily(database, object_store(), registers)
    except StoreUnavailable as error:
        log.warning("the check of the files of %s waits: %s", database.service, error)


def check_files(
    database: Database, store: ObjectStore, register: Register, *, full: bool = False, say: Say = lambda check: None
) -> FileCheck | None:
    """Begin a check of the files of `register`, or go on with an interrupted one, to its end; return it.

    Returns None when somebody else is at it. Raises StoreUnavailable: the check then stays where it is.
    """
    check = _claim_check(database, register, full)
    if check is None:
        return None
    try:
        while check.finished_at is None:
            check = _advance(database, store, register, check)
            say(check)
            time.sleep(PAUSE_SECONDS)
    except Exception:
        with database.unit_of_work() as session:
            session.get_one(FileCheck, register.prefix).held_until = None
        raise
    _tell(database, check)
    return check


def _is_due(database: Database, register: Register) -> bool:
    with database.reading() as session:
        last = session.get(FileCheck, register.prefix)
    return last is None or last.finished_at is None or last.asked_at <= real_now() - DAILY


def _claim_check(database: Database, register: Register, full: bool) -> FileCheck | None:
    now = real_now()
    with database.unit_of_work() as session:
        take_turns(session, f"file check {register.prefix}")  # the first time, there is no row to lock
        check = session.get(FileCheck, register.prefix, with_for_update=True)
        if check is not None and check.held_until is not None and check.held_until > now:
            return None
        if check is None or check.finished_at is not None:
            weekly = check is None or check.full_at is None or check.full_at <= now - WEEKLY
            begun = FileCheck(prefix=register.prefix, full=full or weekly, asked_at=now, held_until=now + HELD)
            begun.full_at = now if begun.full else (check.full_at if check else None)
            _begin_anew(begun)
            return session.merge(begun)
        if full and not check.full:
            check.full, check.full_at = True, now
            _begin_anew(check)
        check.held_until = now + HELD
        return check


def _begin_anew(check: FileCheck) -> None:
    check.phase, check.position, check.finished_at = FilePhase.STORE, "", None
    check.in_store = check.in_register = check.matched = check.read = check.wrong = 0


def _advance(database: Database, store: ObjectStore, register: Register, check: FileCheck) -> FileCheck:
    compare = compare_store_page if check.phase is FilePhase.STORE else compare_register_page
    page = compare(database, store, register, check)
    with database.unit_of_work() as session:
        row = session.get_one(FileCheck, register.prefix, with_for_update=True)
        row.position, row.held_until = page.position, real_now() + HELD
        row.in_store += page.listed
        row.matched += page.matched
        row.read += page.read
        write_findings(session, page.wrong)
        resolve_findings(session, page.right)
        if page.ended:
            closed = (FileState.EXTRA,) if row.phase is FilePhase.STORE else LOST
            if row.phase is FilePhase.STORE:
                row.in_register = register.count_known(session)
            lost = count_findings(session, register.prefix, LOST)
            again = row.phase is FilePhase.STORE and (row.full or row.matched != row.in_register or lost > 0)
            resolve_unseen_findings(session, register.prefix, closed, row.asked_at)
            row.phase, row.position = (FilePhase.REGISTER if again else FilePhase.DONE), ""
            if not again:
                row.wrong = count_findings(session, register.prefix)
                row.finished_at, row.held_until = real_now(), None
        return row


def compare_store_page(database: Database, store: ObjectStore, register: Register, check: FileCheck) -> ComparedPage:
    """Look at the next files the store lists: those that no row names, once they are older than any upload may be.

    Raises StoreUnavailable.
    """
    entries = store.page(register.prefix, check.position, LISTED)
    if not entries:
        return ComparedPage(ended=True)
    with database.reading() as session:
        known = {one.key for one in register.find_known(session, [entry.key for entry in entries])}
    old = real_now() - timedelta(days=settings().keep_uploads_days)
    extra = {entry.key: FileState.EXTRA for entry in entries if entry.key not in known and entry.stored_at < old}
    return ComparedPage(entries[-1].key, listed=len(entries), matched=len(known), wrong=extra)


def compare_register_page(database: Database, store: ObjectStore, register: Register, check: FileCheck) -> ComparedPage:
    """Look in the store for the next files the register names: there at all, or, in a full check, the same content.

    One that was found wrong before is always read. Raises StoreUnavailable.
    """
    with database.reading() as session:
        known = register.list_known(session, check.position, LOOKED_AT)
        suspected = find_open(session, [one.key for one in known])
    if not known:
        return ComparedPage(ended=True)
    read = {one.key for one in known} if check.full else suspected
    states = side_by_side(partial(_look, store, register, read), known, AT_ONCE)
    outcome = dict(zip((one.key for one in known), states, strict=True))
    return ComparedPage(
        known[-1].key,
        read=len(read),
        wrong={key: state for key, state in outcome.items() if state is not None},
        right=[key for key in suspected if outcome[key] is None],
    )


def _look(store: ObjectStore, register: Register, read: set[str], one: KnownFile) -> FileState | None:
    if one.key not in read:
        return None if store.exists(one.key) else FileState.MISSING
    try:
        return None if _has_content(store.get(one.key), register, one) else FileState.ALTERED
    except NotFound:
        return FileState.MISSING


def _has_content(stored: bytes, register: Register, one: KnownFile) -> bool:
    try:
        content = offload(register.read_content, stored, one.key)
    except NotReadable:
        return False
    return not one.sha256 or offload(_digest, content) == one.sha256


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _tell(database: Database, check: FileCheck) -> None:
    if check.wrong:
        log.error(
            "%d files of %s under %s are missing, altered or foreign: see /%s/lost-files or `kompeten store report`",
            check.wrong, database.service, check.prefix, database.service,
        )  # fmt: skip
    else:
        log.info("%d files of %s under %s are in order", check.matched, database.service, check.prefix)
