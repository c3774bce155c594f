"""The photo for the certificate: prepared once the file is in, asked for anew where it cannot stand there."""

import logging
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from pydantic import StringConstraints
from sqlalchemy import select
from sqlalchemy.orm import Session

from services.registration.access import may_see_photo
from services.registration.commands.documents import AddDocument, make_document
from services.registration.commands.loading import UNKNOWN, load_application, load_own_application
from services.registration.domain.application import DocumentKind
from services.registration.domain.form import Section
from services.registration.domain.workflow import State
from services.registration.models import Application, Document, Photo, PhotoState
from shared import clock
from shared.access_log import Look, note_looks
from shared.audit import record_act
from shared.contracts.registration import PhotoNeeded, PhotoPrepared
from shared.errors import N_, Conflict, NotFound
from shared.messaging.jobs import enqueue
from shared.messaging.outbox import announce
from shared.schemes import shipped_schemes
from shared.security.actor import SYSTEM, Actor
from shared.visible import require_visible

log = logging.getLogger(__name__)

PREPARE = "prepare-photo"
"""Kind of the job that makes the JPEG."""
BATCH = 200
NOT_SENT = N_("Foto diminta ulang hanya setelah berkas lengkap dikirim (FR-APL-02).")
NOT_ASKED = N_("Foto permohonan ini tidak sedang diminta ulang.")
LOST = N_("Foto dalam berkas tidak dapat dibuka lagi. Unggah foto yang sama atau yang baru.")


class AskForAnother(Section):
    """Why the photo cannot stand on a certificate, in a sentence that the applicant can act on."""

    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=10, max_length=500), require_visible(5)]


@dataclass(frozen=True, slots=True)
class Prepared:
    """Where the JPEG made of `document_id` lies."""

    document_id: UUID
    key: str
    sha256: str


def enqueue_photo(session: Session, application: Application) -> None:
    """Enqueue the job that makes the newest photo ready for the certificate, once for each photo.

    Without a photo in the file the applicant is asked for one instead.
    """
    newest = find_newest_photo(application)
    if newest is None:
        _need(session, SYSTEM, application, None, LOST)
    else:
        told = photo.sequence if (photo := session.get(Photo, application.id)) else 0
        key = f"{application.id}:{newest.id}:{told}"
        enqueue(session, PREPARE, {"application_id": str(application.id)}, key=key)


def find_newest_photo(application: Application) -> Document | None:
    """Return the photo that was uploaded last of those in the file now, or None."""
    return next((one for one in reversed(application.present) if one.kind is DocumentKind.PHOTO), None)


def find_photo_to_prepare(session: Session, application_id: UUID) -> Document | None:
    """Return the photo to make ready now; None when that was done, refused or is no longer wanted. Raises NotFound."""
    application = load_application(session, application_id)
    newest, photo = find_newest_photo(application), session.get(Photo, application_id)
    if newest is None or application.state is State.WITHDRAWN or (photo and photo.document_id == newest.id):
        return None
    return newest


def keep_prepared_photo(session: Session, application_id: UUID, made: Prepared) -> None:
    """Note where the finished JPEG lies and announce it.

    Called twice it changes nothing, nor does it for a photo that is no longer the newest: jobs may run again and late.
    """
    application = load_application(session, application_id)
    newest = find_newest_photo(application)
    photo = _photo(session, application_id)
    if newest is None or newest.id != made.document_id or photo.document_id == made.document_id:
        return
    photo.state, photo.reason = PhotoState.PREPARED, ""
    photo.document_id, photo.key, photo.sha256 = made.document_id, made.key, made.sha256
    announce(
        session,
        photo,
        PhotoPrepared(
            application_id=application_id, applicant_id=application.applicant_id, key=made.key, sha256=made.sha256
        ),
    )
    record_act(session, SYSTEM, "photo:prepare", application.subject, None, {"sha256": made.sha256})


def refuse_unusable_photo(session: Session, application_id: UUID, document_id: UUID, reason: str) -> None:
    """Ask the applicant for another photo, because this one could not be made ready; `reason` says why.

    Does nothing when the applicant has uploaded another meanwhile.
    """
    application = load_application(session, application_id)
    newest = find_newest_photo(application)
    if newest is not None and newest.id == document_id:
        _need(session, SYSTEM, application, document_id, reason)


def ask_for_another_photo(session: Session, actor: Actor, application_id: UUID, command: AskForAnother) -> Photo:
    """Ask the applicant for another photo, for the secretariat's reason; the certificate waits for it.

    Raises NotFound, and Conflict before the whole file was submitted.
    """
    application = load_application(session, application_id)
    if application.state is not State.SELF_ASSESSED:
        raise Conflict("photo-not-sent", NOT_SENT)
    newest = find_newest_photo(application)
    return _need(session, actor, application, newest.id if newest else None, command.reason)


def check_may_replace_photo(session: Session, actor: Actor, application_id: UUID) -> Application:
    """Return the actor's own application if another photo is asked for. Raises NotFound, else Conflict."""
    application = load_own_application(session, actor, application_id)
    photo = session.get(Photo, application_id)
    if photo is None or photo.state is not PhotoState.NEEDED or application.state is State.WITHDRAWN:
        raise Conflict("photo-not-asked", NOT_ASKED)
    return application


def replace_photo(session: Session, actor: Actor, application_id: UUID, command: AddDocument) -> Document:
    """Add the new photo to the file and have it made ready.

    The one before stays: a decision rests on the file as it stood (R12).
    Raises NotFound, and Conflict when none is asked for.
    """
    application = check_may_replace_photo(session, actor, application_id)
    document = make_document(command)
    application.documents.append(document)
    application.updated_at = clock.now()
    session.flush()
    enqueue_photo(session, application)
    record_act(session, actor, "photo:replace", application.subject, None, {"document": str(document.id)})
    return document


def enqueue_missing_photos(session: Session) -> int:
    """Enqueue up to 200 submitted files whose photo was never made ready, and return how many.

    They are from before photos were prepared for certificates.
    """
    waiting = session.scalars(
        select(Application)
        .outerjoin(Photo, Photo.id == Application.id)
        .where(Application.state == State.SELF_ASSESSED, Photo.id.is_(None))
        .order_by(Application.id)
        .limit(BATCH)
    ).all()
    for application in waiting:
        enqueue_photo(session, application)
    return len(waiting)


def open_photo_file(session: Session, actor: Actor, application_id: UUID) -> tuple[str, str]:
    """Return the key of the JPEG and its SHA-256 to who may see it; who looked at it is noted (UU 27/2022).

    Raises NotFound, and Conflict while there is none.
    """
    application = load_application(session, application_id)
    if not may_see_photo(actor, application):
        raise NotFound("application-unknown", UNKNOWN)
    found = session.get(Photo, application_id)
    if found is None or not found.key:
        raise Conflict("photo-not-prepared", N_("Foto untuk sertifikat belum siap. Coba lagi sebentar."))
    if application.applicant_id != actor.id:
        note_looks(session, actor, [application.applicant_id], Look.PHOTO, application.subject)
        record_act(session, actor, "photo:open", application.subject)
    return found.key, found.sha256


def _photo(session: Session, application_id: UUID) -> Photo:
    photo = session.get(Photo, application_id)
    if photo is None:
        photo = Photo(id=application_id, state=PhotoState.NEEDED)
        session.add(photo)
    return photo


def _need(session: Session, actor: Actor, application: Application, document_id: UUID | None, reason: str) -> Photo:
    photo = _photo(session, application.id)
    if photo.state is PhotoState.NEEDED and photo.document_id == document_id and photo.reason == reason:
        return photo
    photo.state, photo.document_id, photo.reason = PhotoState.NEEDED, document_id, reason
    announce(
        session,
        photo,
        PhotoNeeded(
            application_id=application.id,
            applicant_id=application.applicant_id,
            scheme_title=shipped_schemes().get(application.scheme_id, application.scheme_version).title.id,
            reason=reason,
        ),
    )
    record_act(session, actor, "photo:ask", application.subject, None, {"reason": reason})
    return photo
