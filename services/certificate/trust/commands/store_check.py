"""Register and store compared both ways, so that a missing, foreign or altered file does not wait for its holder.

First the store's list is gone through: what the register does not know, or knows with another size. Then, when not
every file of the register was met that way, or when every file is to be read, the register: what is missing or altered.
Each page of a list is one short transaction that also notes how far it has come, so that whoever is interrupted, by a
stop or by a store that is away, goes on from there. What is compared on a page stands in `comparing`.
"""

import logging
import time
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.certificate.commands.counting import lock_counter
from services.certificate.models import Version
from services.certificate.trust.commands.comparing import Found, compare_register_page, compare_store_page
from services.certificate.trust.domain import Discrepancy, Phase
from services.certificate.trust.models import StoreCheck, StoreFinding
from shared import audit
from shared.clock import real_now
from shared.database.unit import Database
from shared.objectstore import object_store
from shared.security.actor import SYSTEM, Actor

log = logging.getLogger(__name__)

PAUSE_SECONDS = 0.02
"""Between two pages: a check has time, others have not."""
HELD = timedelta(minutes=5)
DAILY, WEEKLY = timedelta(days=1), timedelta(days=7)
COUNTER = "store-check"
MOST_FINDINGS = 10_000
"""Written down one by one; beyond that they are only counted."""


def begin_store_check(session: Session, actor: Actor, *, full: bool) -> StoreCheck:
    """Begin a check of the store and return it; one that is still going on is returned in its place."""
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
    """Begin a check once a day, a full one (every file read) once a week, and go on with what was begun."""
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
    """Compare one page outside any transaction, note its outcome in one; return the check as it then stands."""
    store = object_store()
    by_list = check.phase is Phase.STORE
    step = compare_store_page(database, store, check) if by_list else compare_register_page(database, store, check)
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
        row.wrong += one.kind is not Discrepancy.ADOPTED


def _tell(check: StoreCheck) -> None:
    if check.wrong:
        log.error(
            "the check of the store found %d files missing, foreign or altered; see /certificate/trust or "
            "`kompeten store report`",
            check.wrong,
        )
    else:
        log.info("the check of the store found %d files in order", check.matched)
