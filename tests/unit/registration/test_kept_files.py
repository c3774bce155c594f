"""Registration's documents and photos are compared with the store both ways, and what is lost is known (UU 27/2022)."""

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from sqlalchemy import event, select

from kompeten.commands import kompeten
from services.registration.document_store import PREFIX
from services.registration.kept_files import REGISTERS
from services.registration.models import Photo, PhotoState
from shared.clock import real_now
from shared.database import opened
from shared.database.unit import Database
from shared.kept_files.comparing import check_files, check_files_daily
from shared.kept_files.findings import count_findings
from shared.kept_files.models import FileCheck, FileFinding, FileState
from shared.objectstore import StoreUnavailable, object_store
from shared.objectstore.folder import FolderStore
from shared.security.roles import Role
from tests.clock import stopped_at
from tests.unit.registration.api.walk import Person
from tests.unit.registration.files import actor, period

DOCUMENTS, PHOTOS = REGISTERS


@pytest.fixture(autouse=True)
def _store_of_its_own(data_dir: Path, database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    object_store.cache_clear()
    monkeypatch.setitem(opened._databases, "registration", database)
    yield
    object_store.cache_clear()


@pytest.fixture
def application(client: FlaskClient, database: Database) -> str:
    with database.unit_of_work() as session:
        period(session)
    return Person(client, actor()).filed()


def store() -> FolderStore:
    found = object_store()
    assert isinstance(found, FolderStore)
    return found


def documents() -> list[str]:
    return list(store().keys(PREFIX))


def findings(database: Database) -> dict[str, FileState]:
    with database.reading() as session:
        found = session.scalars(select(FileFinding).where(FileFinding.resolved_at.is_(None)))
        return {one.key: one.state for one in found}


def check(database: Database, *, full: bool = False) -> FileCheck:
    done = check_files(database, store(), DOCUMENTS, full=full)
    assert done is not None
    return done


@pytest.mark.usefixtures("application")
def test_a_store_in_order_is_in_order(database: Database) -> None:
    done = check(database, full=True)
    assert (done.in_register, done.in_store, done.read, done.wrong) == (len(documents()),) * 3 + (0,)
    assert findings(database) == {}


@pytest.mark.usefixtures("application")
@pytest.mark.parametrize("full", [False, True])
def test_lost_documents_are_found(database: Database, full: bool) -> None:
    """This failure mode means documents of applicants that are gone while the check says that nothing is wrong."""
    check(database, full=True)
    lost = documents()[:2]
    for key in lost:
        (store().root / key).unlink()
    assert check(database, full=full).wrong == 2
    assert findings(database) == dict.fromkeys(lost, FileState.MISSING)


@pytest.mark.usefixtures("application")
def test_altered_bytes_are_found_by_the_check_that_reads(database: Database) -> None:
    one, other, *_ = documents()
    (store().root / one).write_bytes((store().root / other).read_bytes())  # opens under its own key alone
    assert check(database, full=True).wrong == 1
    assert findings(database) == {one: FileState.ALTERED}
    assert check(database).wrong == 1  # and the quick one after it reads it again, and doesn't forget it


@pytest.mark.usefixtures("application")
def test_what_no_row_names_is_found_once_it_is_no_upload_under_way(database: Database) -> None:
    store().put(f"{PREFIX}ff/asing", b"?", "application/octet-stream")
    os.utime(store().root / f"{PREFIX}ff/asing", times=(real_now().timestamp(),) * 2)
    assert check(database).wrong == 0
    with stopped_at(real_now() + timedelta(days=2)):
        assert check(database).wrong == 1
        assert findings(database) == {f"{PREFIX}ff/asing": FileState.EXTRA}
        store().delete(f"{PREFIX}ff/asing")
    with stopped_at(real_now() + timedelta(days=2, minutes=1)):
        assert check(database).wrong == 0
    assert findings(database) == {}


@pytest.mark.usefixtures("application")
def test_a_restored_document_is_no_longer_lost(database: Database) -> None:
    path = store().root / documents()[0]
    stored = path.read_bytes()
    path.unlink()
    assert check(database).wrong == 1
    path.write_bytes(stored)
    assert check(database).wrong == 0
    assert findings(database) == {}


@pytest.mark.usefixtures("application")
def test_an_interrupted_check_goes_on_where_it_was(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.kept_files.comparing.LOOKED_AT", 1)
    monkeypatch.setattr("shared.kept_files.comparing.AT_ONCE", 1)
    asked: list[str] = []
    real_get = FolderStore.get

    def get(self: FolderStore, key: str) -> bytes:
        asked.append(key)
        if len(asked) == 2:
            raise StoreUnavailable("away")
        return real_get(self, key)

    monkeypatch.setattr(FolderStore, "get", get)
    with pytest.raises(StoreUnavailable):
        check(database, full=True)
    done = check(database)
    assert done.full
    assert done.read == len(documents())
    assert len(asked) == len(documents()) + 1  # the page that was interrupted is looked at again


@pytest.mark.usefixtures("application")
def test_two_do_not_check_at_once(database: Database) -> None:
    def ask_too(going_on: FileCheck) -> None:
        if going_on.finished_at is None:
            assert check_files(database, store(), DOCUMENTS) is None

    assert check_files(database, store(), DOCUMENTS, say=ask_too) is not None


@pytest.mark.usefixtures("application")
def test_the_timer_checks_once_a_day_and_reads_once_a_week(database: Database) -> None:
    read: list[int] = []
    start = real_now()
    for day in range(9):
        with stopped_at(start + timedelta(days=day, minutes=day)):
            check_files_daily(database, store(), REGISTERS)
            check_files_daily(database, store(), REGISTERS)
            with database.reading() as session:
                read.append(session.get_one(FileCheck, PREFIX).read)
    whole = len(documents())
    assert read == [whole, 0, 0, 0, 0, 0, 0, whole, 0]


@pytest.mark.usefixtures("application")
def test_a_check_asks_the_database_by_the_page_and_not_by_the_file(database: Database) -> None:
    statements: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    check(database, full=True)
    few = len(statements)
    for number in range(100):
        store().put(f"{PREFIX}ee/{number}", b"?", "application/octet-stream")
    statements.clear()
    check(database, full=True)
    assert len(statements) <= few + 2


def test_a_lost_photo_is_found(database: Database, application: str) -> None:
    store().put("photos/a/b.jpg", b"foto", "image/jpeg")
    with database.unit_of_work() as session:
        session.add(Photo(id=UUID(application), state=PhotoState.PREPARED, key="photos/a/b.jpg", sha256="0" * 64))
    done = check_files(database, store(), PHOTOS, full=True)
    assert done is not None
    assert done.wrong == 1
    assert findings(database) == {"photos/a/b.jpg": FileState.ALTERED}


def run(*words: str) -> Any:
    return CliRunner().invoke(kompeten, ["store", *words])


@pytest.mark.usefixtures("application")
def test_the_command_tells_lost_documents(database: Database) -> None:
    right = run("check", "--full", "--service", "registration")
    assert (right.exit_code, "0 wrong" in right.output) == (0, True), right.output
    lost = documents()[0]
    (store().root / lost).unlink()
    wrong = run("check", "--service", "registration")
    assert (wrong.exit_code, f"missing\t{lost}" in wrong.output) == (1, True), wrong.output
    assert run("report", "--service", "registration").exit_code == 1


def test_what_lies_where_no_service_keeps_files_is_told() -> None:
    from kompeten.commands.store import list_strangers

    for key in ("aaa.txt", f"{PREFIX}aa/bb", "minutes/a.pdf", "zz/lain", "probe/write"):
        store().put(key, b"?", "text/plain")
    assert list(list_strangers(store())) == ["aaa.txt", "zz/lain"]


@pytest.fixture
def desk(client: FlaskClient) -> Person:
    return Person(client, actor(Role.SECRETARIAT, name="Sekretariat Contoh"))


def test_the_secretariat_is_told_what_to_ask_for_again(database: Database, application: str, desk: Person) -> None:
    assert desk.get("/lost-files") == []
    for key in documents():
        (store().root / key).unlink()
    check(database)
    told = desk.get("/lost-files")
    assert len(told) == len(documents()) + count(database)
    assert {one["address"] for one in told} == {f"/registration/verification/{application}"}
    assert all(one["advice"] and one["what"] and one["whose"] for one in told)
    assert not any("documents/" in str(one) for one in told)


def count(database: Database) -> int:
    with database.reading() as session:
        return count_findings(session)


def test_a_lost_document_is_a_clear_answer_and_is_on_the_list_at_once(
    database: Database, application: str, desk: Person
) -> None:
    """This failure mode means an internal key, or 500, where a person looks for a document."""
    shown = desk.get(f"/verification/{application}")
    document = next(one for item in shown["items"] for one in item["documents"])
    for key in documents():
        (store().root / key).unlink()
    answer = desk.ask("GET", f"/documents/{document['id']}", 410)
    assert answer.get_json()["code"] == "file-lost"
    assert "documents/" not in answer.text
    assert count(database) == 1


def test_a_damaged_document_is_the_same_clear_answer(application: str, desk: Person) -> None:
    shown = desk.get(f"/verification/{application}")
    document = next(one for item in shown["items"] for one in item["documents"])
    for key in documents():
        (store().root / key).write_bytes(b"rusak")
    assert desk.ask("GET", f"/documents/{document['id']}", 410).get_json()["code"] == "file-lost"
