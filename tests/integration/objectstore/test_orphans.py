"""Uploads without a row go; uploads in progress, with a row, and everything that was issued stay. On every store."""

import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from services.surveillance import document_store as evidence
from services.surveillance.models import Base, Document
from shared.clock import real_now
from shared.database.unit import Database
from shared.errors import Invalid
from shared.objectstore import orphans
from shared.objectstore.folder import FolderStore
from shared.objectstore.orphans import Uploads, sweep_orphans
from shared.objectstore.port import ObjectStore, StoreUnavailable
from tests.clock import stopped_at
from tests.integration.objectstore.conftest import s3_store
from tests.servers.fresh import Bucket

DATA = b"terenkripsi"
LATER = timedelta(days=1, minutes=5)


class Rows:
    """Which keys have a row."""

    def __init__(self) -> None:
        self.keys: set[str] = set()

    def uploads(self) -> Uploads:
        return Uploads("documents/", lambda _session, keys: self.keys & set(keys))


@pytest.fixture
def database() -> Iterator[Database]:
    database = Database("ledger", "sqlite://")
    yield database
    database.close()


def stored(store: ObjectStore, prefix: str = "documents") -> str:
    key = f"{prefix}/{uuid4().hex[:2]}/{uuid4().hex}"
    store.put(key, DATA, "application/octet-stream")
    return key


def test_an_upload_whose_row_never_came_goes_after_a_day(store: ObjectStore, database: Database) -> None:
    """This failure mode means a process that dies between storing and committing: personal data nobody can find."""
    rows = Rows()
    owned, orphan = stored(store), stored(store)
    rows.keys = {owned}
    issued = [stored(store, prefix) for prefix in ("certificates", "photos", "minutes")]
    assert sweep_orphans(database, store, rows.uploads()) == 0
    with stopped_at(real_now() + LATER):
        assert sweep_orphans(database, store, rows.uploads()) == 1
        assert sweep_orphans(database, store, rows.uploads()) == 0
    assert not store.exists(orphan)
    assert all(store.exists(key) for key in [owned, *issued])
    assert list(store.keys("documents/")) == [owned]


def test_an_upload_in_progress_is_never_swept(store: ObjectStore, database: Database) -> None:
    rows, ended = Rows(), threading.Event()

    def sweep_on() -> None:
        while not ended.is_set():
            sweep_orphans(database, store, rows.uploads())

    sweeper = threading.Thread(target=sweep_on)
    sweeper.start()
    keys = []
    for _ in range(20):
        key = stored(store)
        time.sleep(0.01)  # the transaction that names it
        rows.keys = rows.keys | {key}
        keys.append(key)
    ended.set()
    sweeper.join()
    assert all(store.get(key) == DATA for key in keys)


def test_a_database_of_another_store_sweeps_nothing(store: ObjectStore, database: Database) -> None:
    """This failure mode means a database restored from an old backup, and every document uploaded since then gone."""
    keys = [stored(store) for _ in range(orphans.FEW + 1)]
    rows = Rows()
    with stopped_at(real_now() + LATER):
        assert sweep_orphans(database, store, rows.uploads()) == 0
        rows.keys = set(keys[: len(keys) // 2 + 1])
        assert sweep_orphans(database, store, rows.uploads()) == len(keys) - len(rows.keys)
    assert set(store.keys("documents/")) == rows.keys


def test_a_sweep_is_bounded_and_the_rest_goes_the_next_time(
    store: ObjectStore, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(orphans, "DELETES_A_SWEEP", 2)
    monkeypatch.setattr(orphans, "KEYS_A_STEP", 3)
    for _ in range(5):
        stored(store)
    with stopped_at(real_now() + LATER):
        assert [sweep_orphans(database, store, Rows().uploads()) for _ in range(4)] == [2, 2, 1, 0]


@pytest.mark.parametrize("key", ["certificates/2026/a1b2-1.pdf", "photos/a/b.jpg", "minutes/a.pdf", "documentsx/a"])
def test_what_was_issued_cannot_be_deleted_by_anybody(store: ObjectStore, key: str) -> None:
    store.put(key, DATA, "application/pdf")
    with pytest.raises(Invalid):
        store.delete(key)
    assert store.get(key) == DATA


def test_deleting_what_is_gone_is_fine_and_no_neighbour_goes_with_it(store: ObjectStore) -> None:
    store.put("documents/aa/1", DATA, "application/octet-stream")
    store.put("documents/aa/10", DATA, "application/octet-stream")
    store.delete("documents/aa/1")
    store.delete("documents/aa/1")
    assert list(store.keys("documents/")) == ["documents/aa/10"]


def test_a_locked_object_is_not_deleted_even_under_the_prefix_of_uploads(s3: Bucket, tmp_path: Path) -> None:
    until = (real_now() + timedelta(seconds=20)).replace(microsecond=0)
    for store in (s3_store(s3), FolderStore(tmp_path / "objects")):
        store.put("documents/aa/1", DATA, "application/octet-stream", keep_until=until)
        with pytest.raises(StoreUnavailable):
            store.delete("documents/aa/1")
        assert store.get("documents/aa/1") == DATA


def test_evidence_is_known_by_its_row() -> None:
    database = Database("surveillance", "sqlite://")
    Base.metadata.create_all(database.engine)
    report, row = uuid4(), uuid4()
    keys = [f"surveillance/{report}/{row}", f"surveillance/{report}/{uuid4()}", "surveillance/x/not-an-id"]
    values = {"name": "a.pdf", "content_type": "application/pdf", "size": 3, "sha256": "0" * 64}
    with Session(database.engine) as session:
        session.connection().exec_driver_sql("PRAGMA defer_foreign_keys = ON")  # the report itself is not needed
        session.add(Document(id=row, surveillance_id=report, key=keys[0], **values))
        session.flush()
        assert evidence.find_owned_evidence(session, keys) == {keys[0]}
    database.close()
