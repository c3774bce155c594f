"""Register and store compared both ways: each thing that can be wrong, and interruptions."""

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import select

from services.certificate.commands.voiding import void_certificate
from services.certificate.making.production import gather_sheet
from services.certificate.models import Certificate, Version
from services.certificate.trust import queries as trust
from services.certificate.trust.commands import comparing, store_check
from services.certificate.trust.domain import Discrepancy, Phase
from services.certificate.trust.models import StoreCheck, StoreFinding
from shared import clock
from shared.database.unit import Database
from shared.objectstore import StoreUnavailable, object_store
from shared.security.actor import SYSTEM
from tests.unit.certificate.scene import CHAIR, REASON, Candidate, numbered
from tests.unit.certificate.trust.scene import PDF, issue_many

pytestmark = pytest.mark.usefixtures("store")
Findings = list[tuple[Discrepancy, str]]


def checked(database: Database, *, full: bool = False) -> tuple[StoreCheck, Findings]:
    """A check from beginning to end: what it counted, and what it found."""
    with database.unit_of_work() as session:
        store_check.begin_store_check(session, SYSTEM, full=full)
    check_id = store_check.continue_store_check(database)
    with database.reading() as session:
        found = session.scalars(
            select(StoreFinding).where(StoreFinding.check_id == check_id).order_by(StoreFinding.key)
        )
        return session.get_one(StoreCheck, check_id), [(one.kind, one.key) for one in found]


def file_of(store: Path, certificate: Certificate) -> Path:
    path = store / certificate.current.object_key
    path.chmod(0o600)
    return path


@pytest.mark.parametrize("full", [False, True])
def test_where_all_is_in_order_nothing_is_found(database: Database, full: bool) -> None:
    issue_many(database, 3)
    check, found = checked(database, full=full)
    assert found == []
    assert (check.in_register, check.in_store, check.matched, check.wrong) == (3, 3, 3, 0)
    assert check.read == (3 if full else 0)
    assert check.phase is Phase.DONE


@pytest.mark.parametrize("full", [False, True])
def test_a_file_that_is_gone_is_missing(database: Database, store: Path, full: bool) -> None:
    one, _ = issue_many(database, 2)
    file_of(store, one).unlink()
    check, found = checked(database, full=full)
    assert found == [(Discrepancy.MISSING, one.current.object_key)]
    assert check.wrong == 1


@pytest.mark.parametrize("full", [False, True])
def test_a_file_of_another_size_is_altered(database: Database, store: Path, full: bool) -> None:
    one, _ = issue_many(database, 2)
    file_of(store, one).write_bytes(b"palsu")
    assert checked(database, full=full)[1] == [(Discrepancy.ALTERED, one.current.object_key)]


def test_a_file_of_the_same_size_is_known_to_be_altered_once_it_is_read(database: Database, store: Path) -> None:
    one, _ = issue_many(database, 2)
    path = file_of(store, one)
    path.write_bytes(path.read_bytes()[::-1])
    assert checked(database)[1] == []
    assert checked(database, full=True)[1] == [(Discrepancy.ALTERED, one.current.object_key)]


def test_a_file_that_nobody_made_is_extra(database: Database) -> None:
    issue_many(database, 1)
    keys = ["certificates/2026/asing.pdf", f"certificates/2026/{uuid4()}-1.pdf"]
    for key in keys:
        object_store().put(key, b"asing", PDF)
    check, found = checked(database)
    assert sorted(found) == sorted((Discrepancy.EXTRA, key) for key in keys)
    assert check.wrong == 2


def test_a_second_file_for_a_version_is_extra(database: Database) -> None:
    (one,) = issue_many(database, 1)
    elsewhere = one.current.object_key.replace("certificates/2", "certificates/1")
    object_store().put(elsewhere, b"lain", PDF)
    assert checked(database)[1] == [(Discrepancy.EXTRA, elsewhere)]


def test_files_of_other_kinds_are_no_concern_of_the_register(database: Database) -> None:
    object_store().put("documents/aa/ijazah", b"isi", PDF)
    assert checked(database)[1] == []


def test_a_file_whose_number_was_voided_becomes_known_with_its_version(database: Database) -> None:
    """This failure mode means a kill between storing and announcing, and a chair who then voided the number."""
    with database.unit_of_work() as session:
        certificate = numbered(session, Candidate())
        key = gather_sheet(certificate.current).key
        void_certificate(session, CHAIR, certificate.id, REASON)
    object_store().put(key, b"isi", PDF)
    check, found = checked(database)
    assert (found, check.wrong) == ([(Discrepancy.ADOPTED, key)], 0)
    assert checked(database, full=True)[1] == []
    with database.reading() as session:
        assert session.scalars(select(Version)).one().object_key == key


def test_a_file_just_being_made_is_left_to_whoever_makes_it(database: Database) -> None:
    with database.unit_of_work() as session:
        key = gather_sheet(numbered(session, Candidate()).current).key
    object_store().put(key, b"isi", PDF)
    assert checked(database)[1] == []
    with database.reading() as session:
        assert session.scalars(select(Version)).one().object_key == ""


def test_a_file_whose_making_never_ended_becomes_known_after_an_hour(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.unit_of_work() as session:
        key = gather_sheet(numbered(session, Candidate()).current).key
    object_store().put(key, b"isi", PDF)
    clock.set_ahead(2 * 3600)
    try:
        assert checked(database)[1] == [(Discrepancy.ADOPTED, key)]
    finally:
        clock.set_ahead(0)


def test_a_check_goes_through_many_pages(database: Database, monkeypatch: pytest.MonkeyPatch, store: Path) -> None:
    monkeypatch.setattr(comparing, "LISTED", 3)
    monkeypatch.setattr(comparing, "LOOKED_AT", 2)
    many = issue_many(database, 8)
    file_of(store, many[6]).unlink()
    check, found = checked(database)
    assert found == [(Discrepancy.MISSING, many[6].current.object_key)]
    assert (check.in_register, check.in_store, check.matched) == (8, 7, 7)


def test_an_interrupted_check_goes_on_where_it_was(
    database: Database, monkeypatch: pytest.MonkeyPatch, store: Path
) -> None:
    """This failure mode means a store that goes away in the middle, or a service that is stopped."""
    monkeypatch.setattr(comparing, "LISTED", 2)
    many = issue_many(database, 6)
    file_of(store, many[0]).write_bytes(b"palsu")
    with database.unit_of_work() as session:
        asked = store_check.begin_store_check(session, SYSTEM, full=False).id

    def stop(check: StoreCheck) -> None:
        if check.in_store >= 4:
            raise StoreUnavailable("away")

    with pytest.raises(StoreUnavailable):
        store_check.continue_store_check(database, stop)
    with database.unit_of_work() as session:
        assert store_check.begin_store_check(session, SYSTEM, full=False).id == asked
    assert store_check.continue_store_check(database) == asked
    with database.reading() as session:
        check = trust.view_store_check(session, asked)
        assert (check.in_store, check.matched, check.wrong) == (6, 6, 1)


def test_only_one_works_on_a_check(database: Database) -> None:
    issue_many(database, 1)
    with database.unit_of_work() as session:
        store_check.begin_store_check(session, SYSTEM, full=False)
    seen: list[object] = []

    def meanwhile(_: StoreCheck) -> None:
        seen.append(store_check.continue_store_check(database))

    assert store_check.continue_store_check(database, meanwhile) is not None
    assert set(seen) == {None}


def test_one_whose_worker_was_killed_is_taken_over(database: Database) -> None:
    with database.unit_of_work() as session:
        check = store_check.begin_store_check(session, SYSTEM, full=False)
        check.held_until = clock.real_now() - timedelta(seconds=1)
    assert store_check.continue_store_check(database) is not None


def test_once_a_day_there_is_one_and_the_first_reads_everything(database: Database) -> None:
    issue_many(database, 2)
    for _ in range(2):
        store_check.check_store_daily(database)
    with database.unit_of_work() as session:
        (check,) = session.scalars(select(StoreCheck))
        assert (check.full, check.read) == (True, 2)
        check.asked_at -= timedelta(days=1, seconds=1)
    store_check.check_store_daily(database)
    with database.unit_of_work() as session:
        assert [check.full for check in trust.list_store_checks(session)] == [False, True]
        for row in session.scalars(select(StoreCheck)):
            row.asked_at -= timedelta(days=7)
    store_check.check_store_daily(database)
    with database.reading() as session:
        assert [check.full for check in trust.list_store_checks(session)] == [True, False, True]


def test_what_is_wrong_stays_on_the_work_list_until_it_is_mended(
    database: Database, store: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (one,) = issue_many(database, 1)
    path = file_of(store, one)
    content = path.read_bytes()
    path.unlink()
    checked(database)
    assert "1 files missing, foreign or altered" in caplog.text
    with database.reading() as session:
        unsettled = trust.find_unsettled_check(session)
        assert unsettled is not None
        assert unsettled.wrong == 1
    path.write_bytes(content)
    checked(database)
    with database.reading() as session:
        assert trust.find_unsettled_check(session) is None


def test_a_lost_store_is_counted_and_not_written_down_without_end(
    database: Database, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_check, "MOST_FINDINGS", 2)
    for one in issue_many(database, 4):
        file_of(store, one).unlink()
    check, found = checked(database)
    assert (check.wrong, len(found)) == (4, 2)
