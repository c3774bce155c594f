"""What stands under the time stamps of the register: versions of certificates, and heads of the services' logs."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.certificate.models import Certificate, Version
from services.certificate.trust.models import StampedHead, Timestamp, TimestampLeaf
from shared.chain.models import ChainBlock, HeadCopy
from shared.chain.verifying import Finding, Wrong
from shared.contracts.tellers import TELLERS
from shared.documents import merkle
from shared.documents.timestamps import NotStamped, is_stamp_over, read_roots, verify_stamp
from shared.settings import settings

OWN = "certificate"


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a service's log, and which block it is of."""

    service: str
    number: int
    head: str

    @property
    def hash(self) -> bytes:
        return merkle.hash_log_head(self.service, self.number, self.head)


def list_leaves(session: Session, batch: int) -> list[bytes]:
    """The hashes of a batch, in their places, from the register as it is now: versions first, then heads."""
    rows = session.execute(
        select(Certificate.number, Version.version, Version.sha256)
        .join(Version, Version.certificate_id == Certificate.id)
        .join(TimestampLeaf, TimestampLeaf.version_id == Version.id)
        .where(TimestampLeaf.timestamp_id == batch)
        .order_by(TimestampLeaf.position)
    )
    versions = [merkle.hash_leaf(number, version, sha256) for number, version, sha256 in rows]
    return [*versions, *(_read(head).hash for head in _heads_in(session, batch))]


def list_unstamped_heads(session: Session) -> list[Head]:
    """The newest head of each service's log, unless it stands under a time stamp already."""
    found = [head for head in (_newest_head(session, service) for service in TELLERS) if head is not None]
    return [head for head in found if session.get(StampedHead, (head.service, head.number, head.head)) is None]


def verify_stamps(session: Session) -> Iterator[Finding]:
    """Every batch that the register does not lead to any more, or whose time stamp is not over it; it reads only.

    Whether the authority is a known one is asked where its roots are at hand (`KOMPETEN_TIMESTAMP_CA_FILE`).
    """
    expected = 0
    for batch_id in session.scalars(select(Timestamp.id).order_by(Timestamp.id)).all():
        expected += 1
        if batch_id != expected:
            yield Finding(Wrong.REMOVED, f"stamp/{expected}", "", "batches before the next one are missing")
            expected = batch_id
        yield from _verify_batch(session, session.get_one(Timestamp, batch_id))
        session.expunge_all()


def _verify_batch(session: Session, batch: Timestamp) -> Iterator[Finding]:
    place = f"stamp/{batch.id}"
    leaves = list_leaves(session, batch.id)
    if not leaves or merkle.merkle_root(leaves).hex() != batch.root:
        yield Finding(Wrong.STAMP, place, "", "the register does not lead to its root")
    if batch.response is not None and not _is_stamped(batch.response, bytes.fromhex(batch.root)):
        yield Finding(Wrong.STAMP, place, "", "its time stamp is not over its root")
    for head in _heads_in(session, batch.id):
        if not _is_known(session, head):
            words = f"block {head.number} of {head.service} stands under it and is another one now, or gone"
            yield Finding(Wrong.REWRITTEN, place, f"{head.service}/block/{head.number}", words)


def _is_stamped(response: bytes, root: bytes) -> bool:
    file = settings().timestamp_ca_file
    try:
        if file is not None:
            verify_stamp(response, root, read_roots(file))
    except NotStamped:
        return False
    return is_stamp_over(response, root)


def _is_known(session: Session, head: StampedHead) -> bool:
    if head.service == OWN:
        found = session.scalar(select(ChainBlock.head).where(ChainBlock.number == head.number))
        return found == head.head
    return session.get(HeadCopy, (head.service, head.number, head.head)) is not None


def _newest_head(session: Session, service: str) -> Head | None:
    if service == OWN:
        own = select(ChainBlock.number, ChainBlock.head).order_by(ChainBlock.number.desc()).limit(1)
        row = session.execute(own).one_or_none()
    else:
        copies = select(HeadCopy.number, HeadCopy.head).where(HeadCopy.service == service)
        newest = copies.order_by(HeadCopy.number.desc(), HeadCopy.kept_at.desc()).limit(1)
        row = session.execute(newest).one_or_none()
    return Head(service, row.number, row.head) if row else None


def _heads_in(session: Session, batch: int) -> list[StampedHead]:
    found = select(StampedHead).where(StampedHead.timestamp_id == batch).order_by(StampedHead.position)
    return list(session.scalars(found))


def _read(row: StampedHead) -> Head:
    return Head(row.service, row.number, row.head)
