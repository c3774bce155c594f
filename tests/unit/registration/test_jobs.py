"""The photo on its way from the encrypted file to the certificate, through the real vault and store."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from kompeten.demo import samples
from services.registration import document_store
from services.registration.encrypted_kinds import PHOTO
from services.registration.jobs import prepare_photo
from services.registration.models import Application, Photo, PhotoState
from services.registration.photo_making import make_certificate_photo
from shared.database.unit import Database
from shared.kept_files import read_kept_file
from shared.messaging.jobs import Payload
from shared.objectstore import StoreUnavailable, object_store
from tests.unit.registration.files import actor, submitted
from tests.unit.registration.people import told

ME = actor()


@pytest.fixture(autouse=True)
def _store_of_its_own(data_dir: Path) -> Iterator[None]:
    object_store.cache_clear()
    yield
    object_store.cache_clear()


def sent_with(database: Database, photo: bytes | None) -> Application:
    """A whole file whose photo has these bytes; None: they are gone."""
    key = document_store.store_document(photo) if photo is not None else "documents/aa/hilang"
    with database.unit_of_work() as session:
        application = submitted(session, ME)
        for document in application.present:
            if document.kind.value == "photo":
                document.key = key
    return application


def run(database: Database, application: Application) -> Photo:
    payload: Payload = {"application_id": str(application.id)}
    prepare_photo(database, payload)
    prepare_photo(database, payload)
    with database.reading() as session:
        return session.get_one(Photo, application.id)


def test_it_is_stored_encrypted_under_its_hash_and_told_once(database: Database) -> None:
    application = sent_with(database, samples.make_portrait())
    photo = run(database, application)
    jpeg = make_certificate_photo(samples.make_portrait())
    assert jpeg[:20] not in object_store().get(photo.key)
    assert read_kept_file(photo.key, PHOTO, sha256=photo.sha256) == jpeg
    assert photo.key == f"photos/{application.id}/{hashlib.sha256(jpeg).hexdigest()}.jpg"
    with database.reading() as session:
        assert len(told(session, "photo_prepared")) == 1


@pytest.mark.parametrize("photo", [b"%PDF-1.7\n", None])
def test_one_that_cannot_be_used_is_no_failure_but_a_question_to_the_applicant(
    database: Database, photo: bytes | None
) -> None:
    application = sent_with(database, photo)
    assert run(database, application).state is PhotoState.NEEDED
    with database.reading() as session:
        (fact,) = told(session, "photo_needed")
    assert "nggah" in fact["reason"]


def test_a_photo_somebody_tampered_with_is_asked_for_anew(database: Database, data_dir: Path) -> None:
    application = sent_with(database, samples.make_portrait())
    (file,) = [one for one in (data_dir / "objects").rglob("*") if one.is_file() and "documents" in one.parts]
    file.chmod(0o600)
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    assert run(database, application).state is PhotoState.NEEDED


def test_a_store_that_is_away_is_tried_again(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    application = sent_with(database, samples.make_portrait())

    def away(*_: object, **__: object) -> None:
        raise StoreUnavailable

    monkeypatch.setattr(type(object_store()), "put", away)
    with pytest.raises(StoreUnavailable):
        run(database, application)
    monkeypatch.undo()
    assert run(database, application).state is PhotoState.PREPARED
