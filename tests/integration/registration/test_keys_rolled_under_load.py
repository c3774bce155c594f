"""Keys rolled, brought up to date and retired while people file and upload: nothing is lost, nobody is taken twice."""

import hashlib
import os
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import Event
from uuid import UUID

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kompeten.commands import kompeten
from kompeten.schema import migrate_database
from services.registration import document_store
from services.registration.commands import filing
from services.registration.encrypted_kinds import NIK
from services.registration.models import Application, Identity, NikIndex
from shared.database import opened
from shared.database.unit import Database
from shared.errors import Refusal
from shared.objectstore import object_store
from shared.security.encryption import list_blind_indexes
from shared.security.keyrings import FOLDER, find_ring_file, find_ring_keys
from shared.security.keys import create_keys
from shared.settings import settings
from tests.servers.fresh import Bucket
from tests.unit.registration.files import SIGNED, actor, draft, period

WRITERS, ROLLS = 4, 2


@pytest.fixture
def database(postgres_database: str, s3: Bucket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    for name, value in {"access": s3.server.access_key, "secret": s3.server.secret_key}.items():
        (tmp_path / name).write_text(value)
        monkeypatch.setenv(f"KOMPETEN_OBJECT_STORE_{name.upper()}_KEY_FILE", str(tmp_path / name))
    monkeypatch.setenv("KOMPETEN_OBJECT_STORE_URL", s3.object_store_url)
    monkeypatch.setenv("KOMPETEN_OBJECT_STORE_REGION", s3.server.region)
    monkeypatch.setenv("KOMPETEN_DATA_DIR", str(tmp_path))
    settings.cache_clear()
    object_store.cache_clear()
    create_keys(tmp_path / "keys")
    database = Database("registration", postgres_database)
    migrate_database(database)
    monkeypatch.setitem(opened._databases, "registration", database)
    yield database
    database.close()
    settings.cache_clear()
    object_store.cache_clear()


def command(*words: str) -> Result:
    return CliRunner().invoke(kompeten, ["encryption", *words])


class Writer:
    """Files applications with a document each, one person after the other, each of them from a second account, too."""

    def __init__(self, database: Database, number: int, ended: Event) -> None:
        self._database, self._number, self._ended = database, number, ended
        self.filed: dict[UUID, str] = {}
        self.twice = 0

    def write(self) -> "Writer":
        while not self._ended.is_set():
            nik = f"317501450590{self._number}{len(self.filed) + 1:03d}"
            content = nik.encode() * 50
            key = document_store.store_document(content)
            with self._database.unit_of_work() as session:
                application = self._file(session, nik)
                for document in application.documents:
                    document.key, document.sha256 = key, hashlib.sha256(content).hexdigest()
            self.filed[application.id] = nik
            try:
                with self._database.unit_of_work() as session:
                    self._file(session, nik)
                self.twice += 1
            except Refusal:
                pass
        return self

    def _file(self, session: Session, nik: str) -> Application:
        person = actor()
        application = draft(session, person, personal={"nik": nik})
        return filing.file_application(session, person, application.id, SIGNED)


def read_all(database: Database, filed: dict[UUID, str]) -> Callable[[], int]:
    """What reads everything that was filed up to now, once."""

    def read() -> int:
        known = dict(filed)
        for application_id, nik in known.items():
            with database.reading() as session:
                application = session.get_one(Application, application_id)
                assert application.read_form().personal.nik == nik
                keys = {document.key for document in application.documents}
            assert [document_store.fetch_document(key) for key in keys] == [nik.encode() * 50]
        return len(known)

    return read


@pytest.mark.timeout(240)
def test_keys_are_rolled_and_retired_while_everybody_files(database: Database, tmp_path: Path) -> None:
    """This failure mode means that a roll loses a row, a file, or lets one person in twice."""
    keys, ended = tmp_path / "keys", Event()
    with database.unit_of_work() as session:
        period(session, quota=10_000)
    first = find_ring_keys("registration")[0]
    writers = [Writer(database, number, ended) for number in range(WRITERS)]
    with ThreadPoolExecutor(WRITERS) as pool:
        running = [pool.submit(writer.write) for writer in writers]
        try:
            for _ in range(ROLLS):
                _wait_for(lambda: min(len(writer.filed) for writer in writers) >= 3, running)
                assert command("roll", "registration", "--into", str(keys)).exit_code == 0
                before = {id: nik for writer in writers for id, nik in dict(writer.filed).items()}
                done = command("reencrypt", "registration")
                assert done.exit_code == 0, done.output
                assert read_all(database, before)() == len(before)
        finally:
            ended.set()
        for one in running:
            one.result(60)
    # whoever began before the last roll has ended now; what they wrote is brought under the newest key
    assert command("reencrypt", "registration").exit_code == 0
    os.utime(find_ring_file(keys / FOLDER, "registration"), (1, 1))
    retired = command("retire", "registration", "--into", str(keys))
    assert retired.exit_code == 0, retired.output
    (only,) = find_ring_keys("registration")
    assert only != first
    for writer in writers:
        assert writer.twice == 0
        assert read_all(database, writer.filed)() == len(writer.filed)
    everybody = {nik for writer in writers for nik in writer.filed.values()}
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Identity)) == len(everybody)
        marks = set(session.scalars(select(NikIndex.nik_index)))
    assert {list_blind_indexes(NIK, nik, "nik")[0] for nik in everybody} <= marks


def _wait_for(reached: Callable[[], bool], running: Sequence[Future[Writer]]) -> None:
    end = time.monotonic() + 60
    while not reached():
        assert time.monotonic() < end
        assert not any(one.done() for one in running), [one.result() for one in running if one.done()]
        time.sleep(0.05)
