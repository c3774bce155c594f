"""Keys of registration rolled, everything brought under the newest one, the earlier ones retired."""

import hashlib
import os
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from shutil import copytree
from uuid import UUID

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from kompeten.commands import kompeten
from services.registration import document_store
from services.registration.commands import filing
from services.registration.commands.factors import pass_second_factor
from services.registration.commands.identities import bind_nik, list_marks
from services.registration.commands.sessions import TELL_OWNER
from services.registration.encrypted_kinds import EMAIL, PHOTO
from services.registration.models import (
    Account,
    Application,
    Document,
    Identity,
    NikIndex,
    Photo,
    PhotoState,
    SecondFactor,
)
from shared.database import opened
from shared.database.unit import Database
from shared.errors import Invalid, Refusal
from shared.kept_files import read_kept_file
from shared.messaging.jobs import enqueue
from shared.messaging.models import JobRow, JobState
from shared.objectstore import object_store
from shared.security.encryption import encrypt_text
from shared.security.keyrings import FOLDER, find_ring_file, find_ring_keys
from shared.security.reencryption import Tally
from tests.unit.registration.commands.test_factors import enrolled
from tests.unit.registration.files import SIGNED, actor, draft, period
from tests.unit.security.earlier import encrypt_earlier, encrypt_text_earlier, hash_earlier, share_one_key

NIK = "3175014507900001"
JPEG = b"\xff\xd8\xff\xe0 foto contoh"


@pytest.fixture(autouse=True)
def _in_the_command_too(data_dir: Path, database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    object_store.cache_clear()
    monkeypatch.setitem(opened._databases, "registration", database)
    yield
    object_store.cache_clear()


def command(*words: str) -> Result:
    return CliRunner().invoke(kompeten, ["encryption", *words])


def file_as(session: Session, nik: str = NIK) -> Application:
    person = actor()
    application = draft(session, person, personal={"nik": nik})
    return filing.file_application(session, person, application.id, SIGNED)


@pytest.fixture
def filed(database: Database) -> UUID:
    """A file with a document and a photo in the store."""
    with database.unit_of_work() as session:
        period(session)
        application = file_as(session)
        key = document_store.store_document(b"ijazah")
        document = application.documents[0]
        document.key, document.sha256 = key, hashlib.sha256(b"ijazah").hexdigest()
        for other in application.documents[1:]:
            other.key, other.sha256 = key, document.sha256
        sha256 = hashlib.sha256(JPEG).hexdigest()
        photo = f"photos/{application.id}/{sha256}.jpg"
        object_store().put(photo, JPEG, "image/jpeg")
        session.add(Photo(id=application.id, state=PhotoState.PREPARED, key=photo, sha256=sha256))
        return application.id


def settle(data_dir: Path, ring: str = "registration") -> None:
    """Let the last roll be long ago."""
    os.utime(find_ring_file(data_dir / "keys" / FOLDER, ring), (1, 1))


def roll(data_dir: Path, ring: str = "registration") -> None:
    assert command("roll", ring, "--into", str(data_dir / "keys")).exit_code == 0


def retire(data_dir: Path, ring: str = "registration", *more: str) -> Result:
    settle(data_dir, ring)
    return command("retire", ring, "--into", str(data_dir / "keys"), *more)


def test_a_key_is_retired_once_nothing_needs_it_and_everything_is_still_read(
    database: Database, data_dir: Path, filed: UUID
) -> None:
    roll(data_dir)
    refused = retire(data_dir)
    assert refused.exit_code == 1
    for what in ("identities.nik: 1 need", "applications.nik: 1", "files under documents/: 1", "hashes of NIKs: 1"):
        assert what in refused.output
    assert command("report", "registration").exit_code == 1
    done = command("reencrypt", "registration")
    assert done.exit_code == 0, done.output
    assert "files under documents/: 1 looked at, 1 encrypted anew" in done.output
    assert "0 encrypted anew" in command("reencrypt", "registration").output
    assert command("report", "registration").exit_code == 0
    assert retire(data_dir).exit_code == 0
    assert len(find_ring_keys("registration")) == 1
    with database.reading() as session:
        application = session.get_one(Application, filed)
        assert application.read_form().personal.nik == NIK
        assert {document_store.fetch_document(document.key) for document in application.documents} == {b"ijazah"}
    with database.unit_of_work() as session, pytest.raises(Invalid, match="NIK ini sudah dipakai"):
        file_as(session)


def test_a_photo_that_was_stored_as_it_was_is_encrypted(database: Database, data_dir: Path, filed: UUID) -> None:
    with database.reading() as session:
        photo = session.get_one(Photo, filed)
    assert "files under photos/: 1 need" in retire(data_dir, "photos").output
    assert command("reencrypt", "registration").exit_code == 0
    assert JPEG not in object_store().get(photo.key)
    assert read_kept_file(photo.key, PHOTO, sha256=photo.sha256) == JPEG
    assert retire(data_dir, "photos").exit_code == 0


def test_nothing_is_lost_when_a_ring_is_rolled_while_another_command_looks_what_needs_it(
    filed: UUID, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Looking takes minutes; what was found to be under the newest key is under an earlier one by then."""
    encryption = import_module("kompeten.commands.encryption")  # the package's name of it is the group of commands
    looked = encryption.list_old

    def roll_after_looking(ring: str) -> list[Tally]:
        found: list[Tally] = looked(ring)
        assert command("roll", ring, "--into", str(data_dir / "keys")).exit_code == 0
        return found

    monkeypatch.setattr(encryption, "list_old", roll_after_looking)
    refused = retire(data_dir)
    assert refused.exit_code == 1
    assert "another newest key" in refused.output
    assert len(find_ring_keys("registration")) == 2


def test_a_ring_that_is_not_the_one_in_use_is_not_retired(filed: UUID, data_dir: Path, tmp_path: Path) -> None:
    """A copy that was rolled elsewhere: what is kept here says nothing about its keys."""
    other = tmp_path / "elsewhere"
    copytree(data_dir / "keys", other / "keys")
    roll(other)
    refused = retire(other)
    assert refused.exit_code == 1
    assert "not the ring that is in use here" in refused.output


def test_a_key_is_not_retired_while_somebody_may_still_write_with_it(data_dir: Path) -> None:
    roll(data_dir)
    refused = command("retire", "registration", "--into", str(data_dir / "keys"))
    assert refused.exit_code == 1
    assert "just now" in refused.output
    assert len(find_ring_keys("registration")) == 2


def test_recovery_codes_are_their_owners_and_keep_the_key_unless_they_are_given_up(
    database: Database, data_dir: Path
) -> None:
    with database.unit_of_work() as session:
        account, codes = enrolled(session)
    roll(data_dir)
    assert command("reencrypt", "registration").exit_code == 0
    refused = retire(data_dir)
    assert "recovery codes (their owners make new ones under Akun saya): 10 need" in refused.output
    with database.unit_of_work() as session:
        assert pass_second_factor(session, session.get_one(Account, account.id), codes[0])
    assert retire(data_dir, "registration", "--lose").exit_code == 0
    with database.unit_of_work() as session:
        assert not pass_second_factor(session, session.get_one(Account, account.id), codes[1])
        assert session.get_one(SecondFactor, account.id).secret


def test_a_job_that_waits_keeps_the_key_it_was_written_with(database: Database, data_dir: Path) -> None:
    with database.unit_of_work() as session:
        enqueue(session, TELL_OWNER, {"email": encrypt_text(EMAIL, "sari@contoh.test", TELL_OWNER)}, "1")
    assert command("report", "registration").exit_code == 0
    roll(data_dir)
    assert "jobs that wait" in retire(data_dir).output
    with database.unit_of_work() as session:
        session.execute(update(JobRow).values(state=JobState.DONE))
    assert retire(data_dir).exit_code == 0


def test_what_was_written_under_the_key_of_all_services_is_brought_under_registrations_own(
    database: Database, data_dir: Path, filed: UUID
) -> None:
    """A system of before rings: columns, files and hashes as its code wrote them, then `deploy/prepare`."""
    shared = share_one_key(data_dir / "keys")
    key = "documents/aa/lama"
    object_store().put(key, encrypt_earlier(shared, b"ijazah", key), "application/octet-stream")
    with database.unit_of_work() as session:
        earlier = {"nik": encrypt_text_earlier(shared, NIK, "nik")}
        for table in ("applications", "application_rounds", "identities"):
            session.execute(text(f"UPDATE {table} SET nik = :nik"), earlier)
        session.execute(update(NikIndex).values(nik_index=hash_earlier(shared, NIK, "nik")))
        session.execute(update(Document).values(key=key, sha256=hashlib.sha256(b"ijazah").hexdigest()))
        session.execute(update(Photo).values(key=""))
    with database.unit_of_work() as session, pytest.raises(Invalid, match="NIK ini sudah dipakai"):
        file_as(session)
    assert document_store.fetch_document(key) == b"ijazah"
    assert "identities.nik: 1 need" in retire(data_dir).output
    assert command("reencrypt", "registration").exit_code == 0
    assert retire(data_dir).exit_code == 0
    assert [key.shared for key in find_ring_keys("registration")] == [False]
    assert document_store.fetch_document(key) == b"ijazah"
    with database.reading() as session:
        assert session.get_one(Application, filed).read_form().personal.nik == NIK
    with database.unit_of_work() as session, pytest.raises(Invalid, match="NIK ini sudah dipakai"):
        file_as(session)


@pytest.mark.parametrize("newer_first", [False, True])
def test_two_replicas_that_know_different_keys_do_not_take_one_person_twice(
    database: Database, data_dir: Path, newer_first: bool
) -> None:
    """This failure mode means that one person is registered twice while keys are rolled."""
    file = find_ring_file(data_dir / "keys" / FOLDER, "registration")
    before = file.read_text()
    roll(data_dir)
    after = file.read_text()
    with database.unit_of_work() as session:
        period(session)
        file.write_text(after if newer_first else before)
        os.utime(file, (2, 2))
        file_as(session)
        file.write_text(before if newer_first else after)
        os.utime(file, (3, 3))
        with pytest.raises(Refusal, match="NIK ini sudah dipakai"):
            file_as(session)


def test_a_corrected_nik_leaves_the_earlier_one_to_whose_it_is(database: Database, data_dir: Path) -> None:
    with database.unit_of_work() as session:
        period(session)
        application = file_as(session)
        identity = session.get_one(Identity, application.applicant_id)
        application.nik = "3175014507900002"
        bind_nik(session, application, identity, list_marks(application))
        file_as(session)
        assert len(set(session.scalars(select(NikIndex.account_id)))) == 2


def test_what_opens_with_no_key_is_named_and_left_as_it_is(database: Database, data_dir: Path, filed: UUID) -> None:
    with database.unit_of_work() as session:
        session.execute(text("UPDATE identities SET nik = 'bm90aGluZw=='"))
    roll(data_dir)
    done = command("reencrypt", "registration")
    assert done.exit_code == 1
    assert "identities.nik: 1 open with no key" in done.output
