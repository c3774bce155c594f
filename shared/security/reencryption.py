"""Encrypted columns written anew under the newest key, while the system runs.

Batch by batch in the order of the primary key, each in a short transaction. A row that somebody changes meanwhile is
left alone: what was written just now is under the newest key already. Whoever is interrupted begins anew, and passes
over what was done.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, MetaData, Row, Table, Text, select, type_coerce, update
from sqlalchemy.orm import Session

from shared.database.unit import Database
from shared.security.encryption import EncryptedText, Kind, NotReadable, decrypt_text, is_newest_text

BATCH = 200


@dataclass(slots=True)
class Tally:
    """What was found in one place: `old` needs an earlier key (still), `changed` did, `unreadable` opens with none."""

    ring: str
    what: str
    seen: int = 0
    old: int = 0
    changed: int = 0
    unreadable: int = 0


@dataclass(frozen=True, slots=True)
class Keyed:
    """What else depends on the keys of a ring, besides columns and files.

    `count_old(database)` says how many of it need an earlier key, `renew(database)` brings it under the newest one and
    returns how many changed; what has none goes by itself, or by its owner.
    """

    ring: str
    what: str
    count_old: Callable[[Database], int]
    renew: Callable[[Database], int] | None = None


def list_encrypted_columns(metadata: MetaData) -> list[Column[Any]]:
    """The encrypted columns of these tables."""
    return [
        column for table in metadata.sorted_tables for column in table.columns if isinstance(column.type, EncryptedText)
    ]


def reencrypt_column(database: Database, column: Column[Any]) -> Tally:
    """Bring every row of a column under the newest key of its kind. Raises DatabaseAway; safe to repeat."""
    tally, type_ = _begin(column)
    for rows in _read_in_batches(database, column):
        old = [row for row in rows if not is_newest_text(type_.kind, row.stored)]
        tally.seen += len(rows)
        if old:
            with database.unit_of_work() as session:
                for row in old:
                    _write_anew(session, column, type_, row, tally)
    return tally


def count_old_rows(database: Database, column: Column[Any]) -> Tally:
    """How many rows of a column need an earlier key."""
    tally, type_ = _begin(column)
    for rows in _read_in_batches(database, column):
        tally.seen += len(rows)
        tally.old += sum(not is_newest_text(type_.kind, row.stored) for row in rows)
    return tally


def kind_of(column: Column[Any]) -> Kind:
    """What is encrypted in a column."""
    return _type_of(column).kind


def _begin(column: Column[Any]) -> tuple[Tally, EncryptedText]:
    type_ = _type_of(column)
    return Tally(type_.kind.ring, f"{column.table.name}.{column.name}"), type_


def _type_of(column: Column[Any]) -> EncryptedText:
    assert isinstance(column.type, EncryptedText)  # noqa: S101
    return column.type


def _read_in_batches(database: Database, column: Column[Any]) -> Iterator[Sequence[Row[Any]]]:
    table: Table = column.table
    (key,) = table.primary_key.columns
    stored = type_coerce(column, Text).label("stored")
    every = select(key.label("key"), stored).where(column.is_not(None)).order_by(key).limit(BATCH)
    last = None
    while True:
        with database.reading() as session:
            rows = session.execute(every if last is None else every.where(key > last)).all()
        if not rows:
            return
        yield rows
        last = rows[-1].key


def _write_anew(session: Session, column: Column[Any], type_: EncryptedText, row: Row[Any], tally: Tally) -> None:
    """Change one row, unless somebody else did so first; one that no key opens is counted and left as it is."""
    table: Table = column.table
    (key,) = table.primary_key.columns
    try:
        text = decrypt_text(type_.kind, row.stored, type_.context)
    except NotReadable:
        tally.unreadable += 1
        return
    still_there = update(table).where(key == row.key, type_coerce(column, Text) == row.stored)
    session.execute(still_there.values({column: text}))
    tally.changed += 1
