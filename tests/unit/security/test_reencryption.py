"""Columns brought under the newest key, and what every encrypted column and file must be for that."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, insert, select, update
from sqlalchemy.orm import Session

from kompeten.services import NAMES, find_service
from shared.database.unit import Database
from shared.objectstore.port import REPLACEABLE
from shared.security.encryption import EncryptedText, Kind
from shared.security.keyrings import FOLDER, RINGS, retire_ring, roll_ring
from shared.security.reencryption import BATCH, count_old_rows, kind_of, list_encrypted_columns, reencrypt_column

NOTE = Kind("registration", "note")
NOTES = Table("notes", MetaData(), Column("id", Integer, primary_key=True), Column("note", EncryptedText(NOTE, "note")))
MANY = BATCH + 5


@pytest.fixture
def database(data_dir: Path) -> Iterator[Database]:
    """So many notes that they come in two batches, an empty one among them, and a key on top of theirs."""
    database = Database("registration", f"sqlite:///{data_dir}/notes.sqlite3")
    NOTES.metadata.create_all(database.engine)
    with database.unit_of_work() as session:
        session.execute(insert(NOTES), [{"id": n, "note": f"catatan {n}" if n else None} for n in range(MANY)])
    roll_ring(data_dir / "keys" / FOLDER, "registration")
    yield database
    database.close()


def test_every_row_is_brought_under_the_newest_key_once(database: Database, data_dir: Path) -> None:
    assert count_old_rows(database, NOTES.c.note).old == MANY - 1
    done = reencrypt_column(database, NOTES.c.note)
    assert (done.seen, done.changed, done.unreadable) == (MANY - 1, MANY - 1, 0)
    again = reencrypt_column(database, NOTES.c.note)
    assert (again.seen, again.changed) == (MANY - 1, 0)
    assert count_old_rows(database, NOTES.c.note).old == 0
    retire_ring(data_dir / "keys" / FOLDER, "registration")
    with database.reading() as session:
        notes = session.execute(select(NOTES.c.note).order_by(NOTES.c.id)).scalars().all()
    assert notes == [None, *[f"catatan {n}" for n in range(1, MANY)]]


def test_what_somebody_writes_meanwhile_is_not_written_over(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """This failure mode means that a change made while keys are brought up to date is undone by it."""
    begin = database.unit_of_work

    @contextmanager
    def after_somebody_elses() -> Iterator[Session]:
        with begin() as session:
            session.execute(update(NOTES).where(NOTES.c.id == 1).values(note="baru"))
        with begin() as session:
            yield session

    monkeypatch.setattr(database, "unit_of_work", after_somebody_elses)
    reencrypt_column(database, NOTES.c.note)
    with database.reading() as session:
        assert session.scalar(select(NOTES.c.note).where(NOTES.c.id == 1)) == "baru"
    assert count_old_rows(database, NOTES.c.note).old == 0


@pytest.mark.parametrize("service", NAMES)
def test_every_encrypted_column_and_file_can_be_brought_under_a_new_key(service: str) -> None:
    declared = find_service(service)
    for column in list_encrypted_columns(declared.metadata):
        assert len(column.table.primary_key.columns) == 1
        assert RINGS[kind_of(column).ring] == service
        assert kind_of(column).ring in declared.rings
    for register in declared.files:
        assert register.kind is not None
        assert RINGS[register.kind.ring] == service
        assert register.prefix in REPLACEABLE
    for keyed in declared.keyed:
        assert RINGS[keyed.ring] == service
