"""Records against the records before them: what a row was when the service changed it is what was recorded of it last.

Else somebody altered the row past the service, and the service's own next change recorded it so: rows and last records
fit again, but this does not.
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from shared.chain.following import is_found, read_after, read_name
from shared.chain.models import ChainRecord
from shared.chain.registers import NOBODY, Register
from shared.chain.verifying import Finding, Wrong

ROWS = 500


def verify_what_records_follow(session: Session, register: Register) -> Iterator[Finding]:
    """Every change that was made to a row as nobody had recorded it, and every row *found* when none was left to find.

    Until all rows from before are recorded, a change may be the first that is known of its row.
    """
    all_taken_in = _find_taking_in(session, register)
    position = 0
    while records := session.execute(_select_with_before(register, position)).all():
        position = records[-1].position
        for record in records:
            words = _judge(record, taken_in=record.position > all_taken_in)
            if words:
                wrong = Wrong.ALTERED if record.before is not None else Wrong.ADDED
                yield Finding(wrong, read_name(record.subject), str(record.record_id), words)


def _judge(record: Any, *, taken_in: bool) -> str | None:
    """What is wrong about a record, in words; None when it follows what was recorded before."""
    after = read_after(record.subject)
    if after is not None and record.before is not None and not record.before.startswith(after):
        return f"was not what was recorded last when the service changed it on {record.at:%Y-%m-%d %H:%M} UTC"
    if after is not None and record.before is None and taken_in:
        return f"was never recorded when the service changed it on {record.at:%Y-%m-%d %H:%M} UTC"
    if is_found(record.subject) and taken_in:
        return f"was recorded as from before on {record.at:%Y-%m-%d %H:%M} UTC, when all from before were"
    return None


def _find_taking_in(session: Session, register: Register) -> int:
    """The position of the record since which every row of the register is recorded."""
    noted = (ChainRecord.register == register.name) & (ChainRecord.record_id == NOBODY)
    return session.scalar(select(func.min(ChainRecord.position)).where(noted)) or 0


def _select_with_before(register: Register, position: int) -> Select[Any]:
    """The records of the register above this position, each with the hash in the record of its row before it."""
    earlier = aliased(ChainRecord)
    before = (
        select(earlier.digest)
        .where(earlier.register == ChainRecord.register, earlier.record_id == ChainRecord.record_id)
        .where(earlier.position < ChainRecord.position)
        .order_by(earlier.position.desc())
        .limit(1)
        .scalar_subquery()
    )
    columns = (ChainRecord.position, ChainRecord.record_id, ChainRecord.subject, ChainRecord.at)
    found = select(*columns, before.label("before")).where(ChainRecord.register == register.name)
    return found.where(ChainRecord.position > position).order_by(ChainRecord.position).limit(ROWS)
