"""Registers: tables whose rows change. Whenever one is written, a record keeps how it stands then, as a hash.

The record is written in the same transaction, by the session itself, and the records are chained as all ledgers are. So
a row that somebody changed in the database, past the service, differs from the last record of it. A record bears a mark
that only the service can make: whoever has the database, and no key, cannot add one that fits. It says what the row was
before (`following.py`), so that the service's next change of an altered row does not make the alteration its own.
"""

import hmac
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Column, event, insert, inspect, select
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction, aliased

from shared.chain.content import hash_row, raw_columns, stored_value, write_canonical_row
from shared.chain.following import FOUND, name_record, say_after
from shared.chain.models import ChainRecord
from shared.clock import real_now
from shared.security.service_keys import derive_secrets

REMOVED = ""
"""The hash in the last record of a row that the service itself removed."""
NOBODY = UUID(int=0)
"""The row that the record is of which says that all rows from before are recorded."""
PURPOSE = "kompeten-records"
BEFORE = "kompeten.chain-before"
"""Key in `Session.info`: how the rows that this flush changes stood until now, as hashes by register and id."""


@dataclass(frozen=True, slots=True)
class Register:
    """A table of `service` whose rows are recorded: `named` is the column that people know a row by.

    `left_out` are columns that change without anything being certified or decided, each with the reason.
    """

    service: str
    name: str
    model: type[Any]
    named: str
    left_out: Mapping[str, str]

    @property
    def columns(self) -> Sequence[Column[Any]]:
        return [column for column in self.model.__table__.columns if column.key not in self.left_out]


_registers: dict[type[Any], Register] = {}


def keep_register(register: Register) -> Register:
    """Record every change of this table from now on, in whatever process it is written."""
    _registers[register.model] = register
    return register


def list_registers(service: str) -> list[Register]:
    """The registers of one service, as far as its models are loaded."""
    return [register for register in _registers.values() if register.service == service]


def read_register(session: Session, register: Register, ids: Sequence[UUID]) -> dict[UUID, tuple[str, str]]:
    """Hash and name of these rows as they are now."""
    return dict(_hashed(register, session.execute(_select(register).where(register.model.id.in_(ids))).mappings()))


def lock_rows(session: Session, register: Register, ids: Sequence[UUID]) -> dict[UUID, tuple[str, str]]:
    """Hash and name of those of these rows that nobody is writing; nobody else writes them before this session ends."""
    locked = _select(register).where(register.model.id.in_(ids)).with_for_update(skip_locked=True)
    return dict(_hashed(register, session.execute(locked).mappings()))


def list_next_ids(session: Session, register: Register, after: UUID | None, limit: int) -> list[UUID]:
    """The ids of the rows that follow `after`, in their order."""
    found = select(register.model.id).order_by(register.model.id).limit(limit)
    return list(session.scalars(found if after is None else found.where(register.model.id > after)))


def read_last_records(session: Session, register: Register, ids: Iterable[UUID]) -> dict[UUID, ChainRecord]:
    """The last record of each of these rows."""
    wanted = (ChainRecord.register == register.name) & ChainRecord.record_id.in_(list(ids))
    found = session.scalars(select(ChainRecord).where(wanted).order_by(ChainRecord.position))
    return {record.record_id: record for record in found}


def write_found_records(session: Session, register: Register, rows: Mapping[UUID, tuple[str, str]]) -> None:
    """Record how these rows from before were found: what became of them until then nobody vouches for."""
    _write(
        session,
        [_marked(register.service, register.name, id, name, digest, FOUND) for id, (digest, name) in rows.items()],
    )


def note_all_taken_in(session: Session, register: Register) -> None:
    """Record that every row this register had before is recorded: a row without a record is a stranger from here on."""
    _write(session, [_record(register, NOBODY, "all", REMOVED)])


def is_all_taken_in(session: Session, register: Register) -> bool:
    """Whether every row that this register had before is recorded."""
    noted = (ChainRecord.register == register.name) & (ChainRecord.record_id == NOBODY)
    return session.scalar(select(ChainRecord.position).where(noted).limit(1)) is not None


def list_unmarked_records(session: Session, service: str, after: int, last: int) -> list[int]:
    """The positions of records above `after`, up to `last`, that bear no mark of the service. Raises KeyMissing."""
    secrets = derive_secrets(service, PURPOSE)
    within = (ChainRecord.position > after) & (ChainRecord.position <= last)
    found = session.scalars(select(ChainRecord).where(within).order_by(ChainRecord.position))
    return [record.position for record in found if not _is_marked(record, secrets)]


def list_repeated_records(session: Session, after: int, last: int) -> set[int]:
    """The positions of records above `after`, up to `last`, that bear the mark of an earlier one.

    The mark says what stood in a row and when, and no two records are made of one row in one microsecond. Whoever owns
    the database could else put the row back as it stood once, and a copy of the record of that day on top.
    """
    earlier = aliased(ChainRecord)
    repeated = (
        select(ChainRecord.position)
        .join(earlier, (earlier.register == ChainRecord.register) & (earlier.record_id == ChainRecord.record_id))
        .where(ChainRecord.position > after, ChainRecord.position <= last)
        .where(earlier.position < ChainRecord.position, earlier.mark == ChainRecord.mark)
    )
    return set(session.scalars(repeated))


def _is_marked(record: ChainRecord, secrets: Sequence[bytes]) -> bool:
    values = {name: getattr(record, name) for name in ("register", "record_id", "subject", "digest", "at")}
    return any(hmac.compare_digest(make_mark(secret, values), record.mark) for secret in secrets)


def make_mark(secret: bytes, values: Mapping[str, Any]) -> str:
    """The mark of a record with these values (hex)."""
    return hmac.digest(secret, write_canonical_row(values), "sha256").hex()


def _select(register: Register) -> Any:
    return select(*raw_columns(register.columns))


def _hashed(register: Register, rows: Iterable[Any]) -> Iterator[tuple[UUID, tuple[str, str]]]:
    for values in rows:
        yield values["id"], (hash_row(register.name, values).hex(), str(values[register.named]))


@event.listens_for(Session, "before_flush")
def _read_before(session: Session, _context: UOWTransaction, _instances: object) -> None:
    """How each row stands in the database that this flush is to change; nobody else writes it until it has."""
    changing = [row for row in (*session.dirty, *session.deleted) if type(row) in _registers]
    # always in one order, so that two who change the same rows never wait in a ring
    models = sorted({type(row) for row in changing}, key=lambda model: _registers[model].name)
    session.info[BEFORE] = {
        (model, id): digest
        for model in models
        for id, digest in _read_digests(session, _registers[model], [row.id for row in changing if type(row) is model])
    }


def _read_digests(session: Session, register: Register, ids: Sequence[UUID]) -> list[tuple[UUID, str]]:
    locked = _select(register).where(register.model.id.in_(ids)).order_by(register.model.id)
    found = session.connection().execute(locked.with_for_update(key_share=True)).mappings()
    return [(id, digest) for id, (digest, _name) in _hashed(register, found)]


@event.listens_for(Session, "after_flush")
def _record_changes(session: Session, _context: UOWTransaction) -> None:
    """Each row of a register that this flush wrote leaves a record."""
    before = session.info.pop(BEFORE, {})
    records = [
        _record_of(register, row, before.get((type(row), row.id)))
        for row in (*session.new, *session.dirty)
        if (register := _registers.get(type(row))) and _is_written(session, register, row)
    ]
    records += [
        _record(register, row.id, str(getattr(row, register.named)), REMOVED, before.get((type(row), row.id)))
        for row in session.deleted
        if (register := _registers.get(type(row)))
    ]
    _write(session, records)


@event.listens_for(Session, "do_orm_execute")
def _refuse_unseen_changes(state: ORMExecuteState) -> None:
    """A statement over many rows is not seen row by row: it would leave no record."""
    if not (state.is_insert or state.is_update or state.is_delete) or state.bind_mapper is None:
        return
    if state.bind_mapper.class_ in _registers:
        raise RuntimeError(f"rows of {state.bind_mapper.class_.__name__} are written one by one: each leaves a record")


def _is_written(session: Session, register: Register, row: Any) -> bool:
    if row in session.new:
        return True
    attributes = inspect(row).attrs
    mapper = inspect(register.model)
    return any(
        attributes[mapper.get_property_by_column(column).key].history.has_changes() for column in register.columns
    )


def _record_of(register: Register, row: Any, before: str | None) -> dict[str, Any]:
    mapper = inspect(register.model)
    values = {
        column.key: stored_value(column, getattr(row, mapper.get_property_by_column(column).key))
        for column in register.columns
    }
    digest = hash_row(register.name, values).hex()
    return _record(register, row.id, str(values[register.named]), digest, before)


def write_record(session: Session, service: str, name: str, record_id: UUID, subject: str, digest: str) -> None:
    """Write one record, marked by `service`; `name` stands where the register's stands. Raises KeyMissing."""
    _write(session, [_marked(service, name, record_id, subject, digest)])


def _record(register: Register, record_id: UUID, name: str, digest: str, before: str | None = None) -> dict[str, Any]:
    return _marked(register.service, register.name, record_id, name, digest, say_after(before))


def _marked(service: str, name: str, record_id: UUID, subject: str, digest: str, follows: str = "") -> dict[str, Any]:
    named = name_record(f"{name}/{subject}", follows)
    values = {"register": name, "record_id": record_id, "subject": named, "digest": digest, "at": real_now()}
    return {**values, "mark": make_mark(derive_secrets(service, PURPOSE)[0], values)}


def _write(session: Session, records: list[dict[str, Any]]) -> None:
    if records:
        session.connection().execute(insert(ChainRecord.__table__), records)  # type: ignore[arg-type]
