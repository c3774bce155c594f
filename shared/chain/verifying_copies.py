"""The chain of a service against what others know of it: copies of its heads; and registers against their records."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from shared.chain.blocks import is_signed
from shared.chain.following import read_name
from shared.chain.heads import find_newest_copy, list_copies
from shared.chain.models import ChainBlock, ChainRecord
from shared.chain.registers import (
    REMOVED,
    Register,
    is_all_taken_in,
    list_next_ids,
    list_registers,
    read_last_records,
    read_register,
)
from shared.chain.verifying import Finding, Walk, Wrong
from shared.chain.verifying_records import verify_what_records_follow

ROWS = 500
UNTOLD_AFTER = timedelta(hours=1)
"""A chain that has gone on for so long since its last head was heard of could be cut and written anew unseen."""


def verify_copies(session: Session, kept: Session, service: str, keeper: str, walk: Walk) -> Iterator[Finding]:
    """Every head of `service` that `keeper` was told and that its chain (in `session`) does not have.

    Missing at the end, the chain was cut off or an old database was restored; another head, it was written anew.
    """
    after = 0
    while copies := list_copies(kept, service, after, ROWS):
        after = copies[-1].number
        found = select(ChainBlock.number, ChainBlock.head).where(
            ChainBlock.number.in_([copy.number for copy in copies])
        )
        heads = {row.number: row.head for row in session.execute(found)}
        for copy in copies:
            place, told = f"block/{copy.number}", f"told to {keeper} on {copy.kept_at:%Y-%m-%d %H:%M} UTC"
            if is_signed(service, copy.head, copy.key_id, copy.signature) is False:
                yield Finding(Wrong.UNSIGNED, place, "", f"the copy of {keeper} is not signed by {service}")
            elif copy.number not in heads:
                yield Finding(Wrong.CUT, place, "", f"it was {told} and is not there")
            elif heads[copy.number] != copy.head:
                yield Finding(Wrong.REWRITTEN, place, "", f"another one was {told}")
            else:
                walk.copies += 1
        kept.expunge_all()
    yield from _verify_told(session, find_newest_copy(kept, service), keeper)


def _verify_told(session: Session, newest: int, keeper: str) -> Iterator[Finding]:
    """The first block that the keeper does not know of, by its own head or a later one, if the chain went on since."""
    blocks = select(ChainBlock.number, ChainBlock.closed_at).limit(1)
    first = session.execute(blocks.where(ChainBlock.number > newest).order_by(ChainBlock.number)).one_or_none()
    last = session.execute(blocks.order_by(ChainBlock.number.desc())).one_or_none()
    if first and last and last.closed_at - first.closed_at > UNTOLD_AFTER:
        words = f"{keeper} has not been told of it nor of any later one, {last.number - newest} in all"
        yield Finding(Wrong.UNTOLD, f"block/{first.number}", "", words)


def verify_registers(session: Session, service: str, walk: Walk) -> Iterator[Finding]:
    """Every row of the registers of `service` that differs from its last record, has none, or is gone without one."""
    for register in list_registers(service):
        if not is_all_taken_in(session, register):
            walk.notes.append(f"{register.name}: rows from before are not all recorded yet; not compared")
            continue
        yield from _verify_present(session, register, walk)
        yield from _verify_absent(session, register)
        yield from verify_what_records_follow(session, register)


def _verify_present(session: Session, register: Register, walk: Walk) -> Iterator[Finding]:
    after: UUID | None = None
    while ids := list_next_ids(session, register, after, ROWS):
        after = ids[-1]
        rows, records = read_register(session, register, ids), read_last_records(session, register, ids)
        for id, (digest, name) in rows.items():
            if id in records and records[id].digest == digest:
                walk.recorded += 1
            elif not _fits_at_once(session, register, id):
                wrong = Wrong.ALTERED if id in records else Wrong.ADDED
                words = "is not what was recorded last" if id in records else "was never recorded"
                yield Finding(wrong, f"{register.name}/{name}", str(id), words)
        session.expunge_all()


def _fits_at_once(session: Session, register: Register, id: UUID) -> bool:
    """Whether row and record fit after all: between the two looks somebody may have written both."""
    for _ in range(2):
        before = read_last_records(session, register, [id])
        rows, after = read_register(session, register, [id]), read_last_records(session, register, [id])
        if before.get(id) == after.get(id):
            return id not in rows or (id in after and after[id].digest == rows[id][0])
    return True


def _verify_absent(session: Session, register: Register) -> Iterator[Finding]:
    """Records whose row is gone, though the service has not recorded that it removed it."""
    model, position = register.model, 0
    later = ChainRecord.__table__.alias("later")
    gone = (
        select(ChainRecord.position, ChainRecord.record_id, ChainRecord.subject, ChainRecord.digest)
        .where(ChainRecord.register == register.name, ~exists().where(model.id == ChainRecord.record_id))
        .where(
            ~exists().where(
                later.c.register == ChainRecord.register,
                later.c.record_id == ChainRecord.record_id,
                later.c.position > ChainRecord.position,
            )
        )
        .order_by(ChainRecord.position)
        .limit(ROWS)
    )
    while found := session.execute(gone.where(ChainRecord.position > position)).all():
        position = found[-1].position
        for record in found:
            if record.digest != REMOVED:
                name, id = read_name(record.subject), str(record.record_id)
                yield Finding(Wrong.REMOVED, name, id, "was recorded and is not there")
