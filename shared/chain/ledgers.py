"""The append-only tables of a service that are chained, row by row, in the order of their positions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, func, select
from sqlalchemy.orm import Session

from shared.access_log import AccessRow
from shared.audit import AuditRow
from shared.chain.content import hash_row, raw_columns
from shared.chain.following import read_name
from shared.chain.models import ChainRecord


@dataclass(frozen=True, slots=True)
class Ledger:
    """An append-only table: its `model`, and which column says what a row is about."""

    name: str
    model: type[Any]
    about: str

    @property
    def columns(self) -> Sequence[Column[Any]]:
        return list(self.model.__table__.columns)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a ledger as it is now: its position, its hash, what it is about."""

    position: int
    hash: bytes
    subject: str


AUDIT = Ledger("audit", AuditRow, "subject")
LOOKS = Ledger("access", AccessRow, "subject")
RECORDS = Ledger("records", ChainRecord, "subject")
LEDGERS = {ledger.name: ledger for ledger in (AUDIT, LOOKS, RECORDS)}


def read_rows(session: Session, ledger: Ledger, after: int, last: int | None, limit: int | None = None) -> list[Row]:
    """The rows with positions above `after`, up to `last` (None: to the end), in their order; at most `limit`."""
    position = ledger.model.position
    found = select(*raw_columns(ledger.columns)).where(position > after).order_by(position).limit(limit)
    if last is not None:
        found = found.where(position <= last)
    name = read_name if ledger is RECORDS else str
    return [
        Row(values["position"], hash_row(ledger.name, values), name(values[ledger.about]))
        for values in session.execute(found).mappings()
    ]


def find_last_position(session: Session, ledger: Ledger) -> int:
    """The highest position that can be seen; 0 when there is no row."""
    return session.scalar(select(func.max(ledger.model.position))) or 0
