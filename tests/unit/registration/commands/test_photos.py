from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from services.registration.commands import applications, photos
from services.registration.commands.documents import AddDocument
from services.registration.commands.photos import AskForAnother, Prepared
from services.registration.domain.application import DocumentKind
from services.registration.models import Application, Photo, PhotoState
from shared.errors import Conflict, NotFound
from shared.messaging.models import JobRow
from tests.read_files import read_file_of
from tests.unit.registration.files import actor, admitted, secretariat, submitted
from tests.unit.registration.people import noted, told

ME, DESK = actor(), secretariat()
REASON = AskForAnother(reason="Latar belakang bukan merah (contoh).")


def jobs(session: Session) -> list[str]:
    session.flush()
    return list(session.scalars(select(JobRow.key).where(JobRow.kind == photos.PREPARE)))


def made_of(application: Application, sha256: str = "ab" * 32) -> Prepared:
    newest = photos.find_newest_photo(application)
    assert newest is not None
    return Prepared(newest.id, f"photos/{application.id}/{sha256}.jpg", sha256)


def prepared(session: Session) -> Application:
    application = submitted(session, ME)
    photos.keep_prepared_photo(session, application.id, made_of(application))
    session.flush()
    return application


def another() -> AddDocument:
    return AddDocument(
        DocumentKind.PHOTO, "", read_file_of("foto.jpg", "image/jpeg", "1" * 64), f"documents/bb/{uuid4().hex}"
    )


def photo_of(session: Session, application_id: UUID) -> Photo:
    session.flush()
    return session.get_one(Photo, application_id)


def test_the_photo_is_asked_for_when_the_whole_file_comes_in(session: Session) -> None:
    application = submitted(session, ME)
    newest = photos.find_newest_photo(application)
    assert newest is not None
    assert jobs(session) == [f"{application.id}:{newest.id}:0"]


def test_a_prepared_photo_is_told_once(session: Session) -> None:
    application = prepared(session)
    photos.keep_prepared_photo(session, application.id, made_of(application))
    (fact,) = told(session, "photo_prepared")
    assert fact["application_id"] == str(application.id)
    assert fact["key"] == f"photos/{application.id}/{'ab' * 32}.jpg"
    assert photos.find_photo_to_prepare(session, application.id) is None


def test_a_photo_that_is_no_longer_the_newest_is_not_told(session: Session) -> None:
    application = submitted(session, ME)
    photos.keep_prepared_photo(session, application.id, Prepared(uuid4(), "photos/x/y.jpg", "cd" * 32))
    assert told(session, "photo_prepared") == []


def test_a_photo_that_cannot_be_prepared_is_asked_for_anew_once(session: Session) -> None:
    application = submitted(session, ME)
    newest = photos.find_newest_photo(application)
    assert newest is not None
    for _ in range(2):
        photos.refuse_unusable_photo(session, application.id, newest.id, photos.LOST)
    (fact,) = told(session, "photo_needed")
    assert fact["reason"] == photos.LOST
    assert photo_of(session, application.id).state is PhotoState.NEEDED


def test_the_secretariat_asks_for_another_and_the_applicant_gives_it(session: Session) -> None:
    application = prepared(session)
    photos.ask_for_another_photo(session, DESK, application.id, REASON)
    assert photo_of(session, application.id).state is PhotoState.NEEDED
    document = photos.replace_photo(session, ME, application.id, another())
    assert len(jobs(session)) == 2
    photos.keep_prepared_photo(session, application.id, Prepared(document.id, "photos/a/b.jpg", "cd" * 32))
    found = photo_of(session, application.id)
    assert (found.state, found.reason, found.sha256) == (PhotoState.PREPARED, "", "cd" * 32)
    assert len(application.present) == 4, "the photo that was decided on stays in the file"
    assert {"photo:ask", "photo:replace", "photo:prepare"} <= {action for action, _, _ in noted(session)}


def test_nobody_is_asked_before_the_file_is_in(session: Session) -> None:
    application = admitted(session, ME)
    with pytest.raises(Conflict):
        photos.ask_for_another_photo(session, DESK, application.id, REASON)


def test_a_photo_that_was_not_asked_for_is_not_taken(session: Session) -> None:
    application = prepared(session)
    with pytest.raises(Conflict):
        photos.replace_photo(session, ME, application.id, another())
    photos.ask_for_another_photo(session, DESK, application.id, REASON)
    with pytest.raises(NotFound):
        photos.replace_photo(session, actor(), application.id, another())
    applications.withdraw_application(session, ME, application.id, "")
    with pytest.raises(Conflict):
        photos.replace_photo(session, ME, application.id, another())


def test_files_from_before_get_their_photo_prepared_too(session: Session) -> None:
    application = submitted(session, ME)
    session.execute(JobRow.__table__.delete())  # type: ignore[attr-defined]
    assert photos.enqueue_missing_photos(session) == 1
    assert len(jobs(session)) == 1
    photos.keep_prepared_photo(session, application.id, made_of(application))
    session.flush()
    assert photos.enqueue_missing_photos(session) == 0
