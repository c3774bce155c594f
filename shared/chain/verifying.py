"""The whole log of a service is read again, block by block, and everything that does not fit its chain is named.

It reads only, some hundred rows at a time. What can't be seen: what somebody did within the seconds before a row was
chained, and a row added at the end, which is chained like any other.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from shared.chain.blocks import is_signed, list_breaks, read_leaves
from shared.chain.chaining import find_chained_position
from shared.chain.erasing import is_erased
from shared.chain.ledgers import LEDGERS, RECORDS, Ledger, Row, read_rows
from shared.chain.models import ChainBlock
from shared.chain.registers import list_repeated_records

LOWEST = -(2**63)
"""Below every position: rows are counted from 1, so what stands lower was put there past the service."""


class Wrong(StrEnum):
    """What does not fit: a row, a block, the head that others were told, a row of a register."""

    ALTERED = "altered"
    REMOVED = "removed"
    ADDED = "added"
    BLOCK = "block"
    UNSIGNED = "unsigned"
    CUT = "cut off"
    REWRITTEN = "rewritten"
    UNTOLD = "untold"
    STAMP = "stamp"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that does not fit: where (`audit/17`, `block/3`, `certificate/<number>`), and what in words."""

    wrong: Wrong
    place: str
    subject: str = ""
    words: str = ""


@dataclass
class Walk:
    """What was seen on the way: rows and blocks that fit, rows erased with a record, rows not chained yet."""

    blocks: int = 0
    rows: int = 0
    erased: int = 0
    recorded: int = 0
    copies: int = 0
    waiting: int = 0
    last: int = 0
    last_closed_at: datetime | None = None
    notes: list[str] = field(default_factory=list)


def verify_blocks(session: Session, service: str, walk: Walk) -> Iterator[Finding]:
    """Everything in the ledgers of a service that does not fit its chain, and every block that does not hold."""
    ends = dict.fromkeys(LEDGERS, 0)
    before: ChainBlock | None = None
    while (block := _next_block(session, before)) is not None:
        for words in list_breaks(service, block, before, ends.get(block.ledger, 0)):
            yield Finding(Wrong.BLOCK, f"block/{block.number}", block.ledger, words)
        if block.ledger in LEDGERS:
            yield from _verify_rows(session, LEDGERS[block.ledger], block, walk)
            ends[block.ledger] = max(ends[block.ledger], block.last)
        session.expunge(block)
        before, walk.blocks = block, walk.blocks + 1
    if before is not None:
        walk.last, walk.last_closed_at = before.number, before.closed_at
        if is_signed(service, before.head, before.key_id, before.signature) is None:
            words = f"nobody has the key {before.key_id} it is signed with"
            yield Finding(Wrong.UNSIGNED, f"block/{before.number}", "", words)


def count_waiting_rows(session: Session, most: int) -> int:
    """How many rows of all ledgers are not chained yet; counted up to `most` in each."""
    return sum(
        len(read_rows(session, ledger, find_chained_position(session, ledger), None, most))
        for ledger in LEDGERS.values()
    )


def _next_block(session: Session, before: ChainBlock | None) -> ChainBlock | None:
    following = select(ChainBlock).order_by(ChainBlock.number).limit(1)
    if before is not None:
        following = following.where(ChainBlock.number > before.number)
    return session.scalars(following).one_or_none()


def _verify_rows(session: Session, ledger: Ledger, block: ChainBlock, walk: Walk) -> Iterator[Finding]:
    """The rows in the span of a block, compared with the hashes it has of them."""
    try:
        chained = dict(read_leaves(block))
    except ValueError:
        return  # the block itself is named for it
    try:
        rows = {row.position: row for row in read_rows(session, ledger, block.after or LOWEST, block.last)}
    except (LookupError, TypeError, ValueError) as error:
        yield Finding(Wrong.ALTERED, f"{ledger.name}/{block.after + 1}-{block.last}", "", f"cannot be read: {error}")
        return
    repeated = list_repeated_records(session, block.after, block.last) if ledger is RECORDS else ()
    for position in sorted(chained.keys() | rows.keys()):
        row, place = rows.get(position), f"{ledger.name}/{position}"
        if row is not None and chained.get(position) == row.hash and position in block.unmarked:
            yield Finding(Wrong.ADDED, place, row.subject, "bears no mark of the service")
        elif row is not None and position in repeated:
            yield Finding(Wrong.ADDED, place, row.subject, "is a copy of an earlier one")
        elif row is not None and chained.get(position) == row.hash:
            walk.rows += 1
        elif is_erased(session, place, row):
            walk.erased += 1
        else:
            yield _judge_row(place, row, chained)


def _judge_row(place: str, row: Row | None, chained: Mapping[int, bytes]) -> Finding:
    if row is None:
        return Finding(Wrong.REMOVED, place, "", "was chained and is not there")
    if row.position not in chained:
        return Finding(Wrong.ADDED, place, row.subject, "was not there when its neighbours were chained")
    return Finding(Wrong.ALTERED, place, row.subject, "is not what was chained")
