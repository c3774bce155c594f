"""The photo for the certificate over HTTP: seen, asked for anew, replaced (domain handbook 5)."""

from uuid import UUID

from flask import Response
from pydantic import BaseModel, Field

from services.registration import photo_making
from services.registration.access import APPLICANTS, APPLICANTS_AND_PHOTO_READERS, PHOTO_CHECKERS, PHOTO_READERS
from services.registration.api.blueprint import api
from services.registration.api.documents import take_in_upload
from services.registration.commands import photos as commands
from services.registration.commands.photos import AskForAnother
from services.registration.domain.application import DocumentKind
from services.registration.encrypted_kinds import PHOTO
from services.registration.queries import photos as queries
from services.registration.queries.photos import PhotoLine, PhotoView
from shared.kept_files import read_kept_file
from shared.pagination import Page, PageQuery
from shared.web import (
    ById,
    FileStorage,
    Upload,
    allow,
    checked_upload,
    current_actor,
    file_response,
    reading,
    unit_of_work,
)

JPEG = "image/jpeg"


class PhotoForm(BaseModel):
    """Another photo, as multipart form data."""

    file: FileStorage = Field(description="JPEG, PNG or HEIC, upright, at least 300 x 400 pixels.")


class Photos(Page[PhotoLine]):
    """One page of the photos."""


def store_replacing_photo(application_id: UUID, upload: Upload) -> PhotoView:
    """Look at another photo for a refused one, store its bytes, put it into the file, and return what became of it."""
    with reading() as session:
        commands.check_may_replace_photo(session, current_actor(), application_id)
    command = take_in_upload(DocumentKind.PHOTO, "", upload)
    with unit_of_work() as session:
        commands.replace_photo(session, current_actor(), application_id, command)
        return queries.view_photo(session, current_actor(), application_id)


def serve_prepared_photo(application_id: UUID) -> Response:
    """Answer with the JPEG as it will be printed. It is made by us from pixels alone, so a page may show it."""
    with unit_of_work() as session:
        key, sha256 = commands.open_photo_file(session, current_actor(), application_id)
    return Response(read_kept_file(key, PHOTO, sha256=sha256), content_type=JPEG)


@api.get("/photos", responses={200: Photos})
@allow(PHOTO_READERS)
def get_photos(query: PageQuery) -> Photos:
    """Photos that keep a certificate waiting; with `status=prepared` those that are ready."""
    with reading() as session:
        return Photos.model_validate(queries.list_photos(session, query).model_dump())


@api.get("/applications/<uuid:id>/photo", responses={200: PhotoView})
@allow(APPLICANTS_AND_PHOTO_READERS)
def get_photo(path: ById) -> PhotoView:
    """What became of an application's photo."""
    with reading() as session:
        return queries.view_photo(session, current_actor(), path.id)


@api.get("/applications/<uuid:id>/photo.jpg", responses={200: file_response(JPEG)})
@allow(APPLICANTS_AND_PHOTO_READERS)
def get_photo_file(path: ById) -> Response:
    """The photo as it will be printed."""
    return serve_prepared_photo(path.id)


@api.post("/applications/<uuid:id>/photo", responses={201: PhotoView})
@allow(APPLICANTS)
def post_photo(path: ById, form: PhotoForm) -> tuple[PhotoView, int]:
    """Another photo for one's own application, when it was asked for (multipart: `file`)."""
    return store_replacing_photo(path.id, checked_upload(form.file, types=photo_making.TYPES)), 201


@api.post("/applications/<uuid:id>/photo/ask", responses={200: PhotoView})
@allow(PHOTO_CHECKERS)
def post_photo_request(path: ById, body: AskForAnother) -> PhotoView:
    """The photo cannot stand on a certificate: ask the applicant for another, with the reason."""
    with unit_of_work() as session:
        commands.ask_for_another_photo(session, current_actor(), path.id, body)
        return queries.view_photo(session, current_actor(), path.id)
