"""Evidence documents and printable forms over HTTP: taken in checked, given out as attachments only (R4)."""

from uuid import UUID

from flask import Response
from pydantic import BaseModel, Field

from services.registration import document_store, photo_making, printed_forms
from services.registration.access import APPLICANTS, EVIDENCE_READERS
from services.registration.api.blueprint import api
from services.registration.commands import documents as commands
from services.registration.commands.documents import AddDocument
from services.registration.domain.application import DocumentKind
from services.registration.domain.form import Line
from services.registration.queries import applications as queries
from services.registration.queries.views import DocumentView, describe_document
from shared.uploads.reading import read_file
from shared.web import (
    ById,
    FileStorage,
    Upload,
    allow,
    checked_upload,
    current_actor,
    file_response,
    list_response,
    make_download,
    reading,
    unit_of_work,
)
from shared.web.heavy import charging_heavy_files

PDF = "application/pdf"


class DocumentForm(BaseModel):
    """A document to attach, as multipart form data."""

    kind: DocumentKind
    title: Line = Field("", description="What it is; the kind's name when empty.")
    file: FileStorage = Field(description="PDF, JPEG, PNG or HEIC; pictures are kept upright, without metadata.")


class DocumentPath(ById):
    """One document of one application."""

    document_id: UUID


def store_uploaded_document(application_id: UUID, kind: DocumentKind, title: str, upload: Upload) -> DocumentView:
    """Check that a document may be added, store its bytes, add its row, and return it: no I/O in a transaction.

    Raises what `check_may_add_document` and `take_in_upload` raise.
    """
    with reading() as session:
        commands.check_may_add_document(session, current_actor(), application_id, kind)
    command = take_in_upload(kind, title, upload)
    with unit_of_work() as session:
        return describe_document(commands.add_document(session, current_actor(), application_id, command))


def take_in_upload(kind: DocumentKind, title: str, upload: Upload) -> AddDocument:
    """Read what was uploaded, store what is kept of it, and return what is to be written about it.

    A photo is made ready once, for nothing but to see that it can be: who uploads it learns now what to mend. What is
    in a PDF besides what is read is kept with it (decision 89).
    Raises what `charging_heavy_files`, `make_certificate_photo`, `read_file` and `store_document` raise.
    """
    with charging_heavy_files(str(current_actor().id)):
        read = read_file(upload)
        if kind is DocumentKind.PHOTO:
            photo_making.make_certificate_photo(read.data)
    return AddDocument(kind, title, read, document_store.store_document(read.data))


def download_opened_document(document_id: UUID) -> Response:
    """Answer with the document as an attachment, after it was noted who opened it."""
    with unit_of_work() as session:
        document = commands.open_evidence_document(session, current_actor(), document_id)
    return make_download(document_store.fetch_document(document.key), document.file_name, document.content_type)


def download_frozen_document(application_id: UUID, document_id: UUID) -> Response:
    """Answer with a document as it was submitted: other bytes than those of the frozen file are given to nobody."""
    with unit_of_work() as session:
        document, sha256 = commands.open_frozen_document(session, current_actor(), application_id, document_id)
    data = document_store.fetch_document(document.key, sha256)
    return make_download(data, document.file_name, document.content_type)


def download_printed_form(application_id: UUID, form: printed_forms.PrintableForm) -> Response:
    """Answer with FR-APL-01 or FR-APL-02 as PDF, filled in, with room for signatures (domain handbook 3.2)."""
    with unit_of_work() as session:
        data = printed_forms.read_data_to_print(session, current_actor(), application_id, form)
    return make_download(printed_forms.render_form(form, data), f"{form.value}.pdf", PDF)


@api.get("/applications/<uuid:id>/documents", responses={200: list_response(DocumentView)})
@allow(APPLICANTS)
def get_application_documents(path: ById) -> list[DocumentView]:
    """The documents of one's own application."""
    with reading() as session:
        return queries.view_own_application(session, current_actor(), path.id).documents


@api.post("/applications/<uuid:id>/documents", responses={201: DocumentView})
@allow(APPLICANTS)
def post_document(path: ById, form: DocumentForm) -> tuple[DocumentView, int]:
    """Attach a document (multipart: `kind`, `title`, `file`)."""
    upload = checked_upload(form.file)
    return store_uploaded_document(path.id, form.kind, form.title, upload), 201


@api.delete("/applications/<uuid:id>/documents/<uuid:document_id>")
@allow(APPLICANTS)
def delete_document(path: DocumentPath) -> None:
    """Take a document out of the file."""
    with unit_of_work() as session:
        commands.remove_document(session, current_actor(), path.id, path.document_id)


@api.get("/documents/<uuid:id>", responses={200: file_response("application/octet-stream")})
@allow(EVIDENCE_READERS)
def get_document(path: ById) -> Response:
    """A document, for its owner, the secretariat, the officers, or the assessor cleared for the case."""
    return download_opened_document(path.id)


@api.get("/dossier/<uuid:id>/documents/<uuid:document_id>", responses={200: file_response("application/octet-stream")})
@allow(EVIDENCE_READERS)
def get_frozen_document(path: DocumentPath) -> Response:
    """A document of the file a decision rests on, its bytes compared with the hash it was submitted with (R12)."""
    return download_frozen_document(path.id, path.document_id)


@api.get("/applications/<uuid:id>/fr-apl-01", responses={200: file_response(PDF)})
@allow(EVIDENCE_READERS)
def get_printed_application_form(path: ById) -> Response:
    """FR-APL-01 as a PDF, filled in."""
    return download_printed_form(path.id, printed_forms.PrintableForm.APL_01)


@api.get("/applications/<uuid:id>/fr-apl-02", responses={200: file_response(PDF)})
@allow(EVIDENCE_READERS)
def get_printed_self_assessment(path: ById) -> Response:
    """FR-APL-02 as a PDF, filled in."""
    return download_printed_form(path.id, printed_forms.PrintableForm.APL_02)
