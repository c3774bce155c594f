"""Time stamps for the register: a batch of new versions, one root, one answer of an independent authority.

What was issued when can then be shown without believing us, and nothing can be slipped in behind later. The heads of
all services' logs stand in the batches as well.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from services.certificate.commands.counting import lock_counter
from services.certificate.domain.versions import HANDED_OUT
from services.certificate.models import Certificate, Version
from services.certificate.trust.models import StampedHead, Timestamp, TimestampLeaf
from services.certificate.trust.stamped import list_unstamped_heads
from shared.clock import real_now
from shared.database.unit import Database
from shared.documents import merkle
from shared.documents.timestamps import NotStamped, Stamp, read_roots, request_stamp
from shared.settings import settings

log = logging.getLogger(__name__)

BATCH = 5000
COUNTER = "timestamp"
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(hours=1)

_PLACE = (TimestampLeaf, TimestampLeaf.version_id == Version.id)
_UNSTAMPED = (Version.state.in_(HANDED_OUT), TimestampLeaf.version_id.is_(None))


@dataclass(frozen=True, slots=True)
class Leaf:
    """A version that was handed out and stands in no batch yet."""

    version_id: UUID
    index: int
    number: str
    version: int
    sha256: str

    @property
    def hash(self) -> bytes:
        return merkle.hash_leaf(self.number, self.version, self.sha256)


def stamp_register(database: Database) -> int:
    """Close what is due into batches, then ask for each that waits; how many were stamped. Safe in every replica.

    An authority that is away is asked again, less and less often, down to once an hour, for as long as it takes.
    """
    if not settings().timestamp_url:
        return 0
    closed: object = True
    while closed:
        with database.unit_of_work() as session:
            closed = close_timestamp_batch(session, real_now())
    stamped = 0
    while waiting := _claimed(database):
        stamped += _asked(database, *waiting)
    return stamped


def close_timestamp_batch(session: Session, now: datetime) -> Timestamp | None:
    """The next batch of versions without a place in one, if it is time for one; a full one never waits."""
    if not _due(session, now):
        return None
    counter = lock_counter(session, COUNTER)
    if not _due(session, now):
        return None
    counter.value += 1
    leaves, heads = _unstamped(session), list_unstamped_heads(session)
    batch = Timestamp(
        id=counter.value,
        root=merkle.merkle_root([*(leaf.hash for leaf in leaves), *(head.hash for head in heads)]).hex(),
        count=len(leaves) + len(heads),
        first=leaves[0].index if leaves else 0,
        last=leaves[-1].index if leaves else 0,
        closed_at=now,
        next_try_at=now,
    )
    session.add(batch)
    session.flush()
    if leaves:
        session.execute(
            insert(TimestampLeaf),
            [
                {"version_id": leaf.version_id, "timestamp_id": batch.id, "position": position}
                for position, leaf in enumerate(leaves)
            ],
        )
    session.add_all(
        StampedHead(service=head.service, number=head.number, head=head.head, timestamp_id=batch.id, position=position)
        for position, head in enumerate(heads, len(leaves))
    )
    return batch


def _due(session: Session, now: datetime) -> bool:
    """New versions or heads, and the last batch is long enough ago; or so many versions that they fill one."""
    last = session.scalar(select(func.max(Timestamp.closed_at)))
    soon = last is not None and last + timedelta(minutes=settings().timestamp_minutes) > now
    enough = BATCH if soon else 1
    some = select(Version.id).outerjoin(*_PLACE).where(*_UNSTAMPED).limit(enough).subquery()
    filled = session.scalar(select(func.count()).select_from(some)) == enough
    return filled or (not soon and bool(list_unstamped_heads(session)))


def _unstamped(session: Session) -> Sequence[Leaf]:
    found = session.execute(
        select(Version.id, Version.status_index, Certificate.number, Version.version, Version.sha256)
        .join(Certificate, Certificate.id == Version.certificate_id)
        .outerjoin(*_PLACE)
        .where(*_UNSTAMPED)
        .order_by(Version.status_index)
        .limit(BATCH)
    )
    return [Leaf(*row) for row in found]


def _claimed(database: Database) -> tuple[int, str] | None:
    """The oldest batch that waits for an answer, kept from other replicas for a while; its id and root."""
    now = real_now()
    with database.unit_of_work() as session:
        batch = session.scalars(
            select(Timestamp)
            .where(Timestamp.response.is_(None), Timestamp.next_try_at <= now)
            .order_by(Timestamp.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        ).one_or_none()
        if batch is None:
            return None
        batch.tries += 1
        batch.next_try_at = now + min(FIRST_PAUSE * 2 ** min(batch.tries - 1, 16), LONGEST_PAUSE)
        return batch.id, batch.root


def _asked(database: Database, batch_id: int, root: str) -> int:
    """Ask, outside any transaction, and keep what came: 1 when it was a stamp."""
    config = settings()
    try:
        roots = read_roots(config.timestamp_ca_file) if config.timestamp_ca_file else []
        stamp = request_stamp(config.timestamp_url, bytes.fromhex(root), roots)
    except NotStamped as error:
        log.warning("batch %s of the register waits for its time stamp: %s", batch_id, error)
        _keep(database, batch_id, error=str(error))
        return 0
    _keep(database, batch_id, stamp=stamp)
    return 1


def _keep(database: Database, batch_id: int, *, stamp: Stamp | None = None, error: str = "") -> None:
    with database.unit_of_work() as session:
        batch = session.get_one(Timestamp, batch_id, with_for_update=True)
        batch.error = error[:500]
        if stamp and batch.response is None:
            batch.response, batch.at, batch.tsa = stamp.response, stamp.at, stamp.authority[:300]
