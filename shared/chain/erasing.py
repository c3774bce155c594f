"""Rows of a ledger that were lawfully erased (UU 27/2022): who did it and why, in words that nobody else can add.

The hash of an erased row stays in its block. That it fits no more is explained by a record, which bears the mark of the
service as every record does and has the hash of what is left: an entry in the audit log alone could be written by
whoever owns the database, as a cloak for what he altered.
"""

from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.orm import Session

from shared.audit import record_act
from shared.chain.chaining import find_chained_position
from shared.chain.ledgers import RECORDS, Ledger, Row, read_rows
from shared.chain.models import ChainRecord
from shared.chain.registers import REMOVED, write_record
from shared.security.actor import Actor

ERASED = "log:erase"
"""The act in the audit log; its subject is `<ledger>/<position>`."""
ERASURES = "erasures"
"""What stands in a record of an erasure in the place of a register."""
_PLACES = UUID("0b5d6a0e-7d53-4e0f-8d0a-5f6f0c8f7a42")


def record_erasure(session: Session, service: str, actor: Actor, ledger: Ledger, position: int, reason: str) -> None:
    """Say that this row was emptied or removed, and why, in the transaction that does it, after it is done.

    Call it with the key of the service at hand; without one nobody can. Raises KeyMissing.
    """
    place = f"{ledger.name}/{position}"
    row = next(iter(read_rows(session, ledger, position - 1, position)), None)
    record_act(session, actor, ERASED, place, None, {"reason": reason})
    session.flush()
    write_record(session, service, ERASURES, uuid5(_PLACES, place), place, _digest(row))


def is_erased(session: Session, place: str, row: Row | None) -> bool:
    """Whether a chained record says that what is left at this place is what an erasure left."""
    last = (
        select(ChainRecord.digest)
        .where(ChainRecord.register == ERASURES, ChainRecord.record_id == uuid5(_PLACES, place))
        .where(ChainRecord.position <= find_chained_position(session, RECORDS))
        .order_by(ChainRecord.position.desc())
        .limit(1)
    )
    return session.scalar(last) == _digest(row)


def _digest(row: Row | None) -> str:
    return row.hash.hex() if row else REMOVED
