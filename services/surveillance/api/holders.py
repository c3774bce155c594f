"""What holders do and see: their certificates and the yearly reports."""

from uuid import UUID

from flask import Response
from pydantic import BaseModel

from services.surveillance import commands, queries
from services.surveillance import document_store as evidence
from services.surveillance.access import HOLDERS, HOLDERS_AND_READERS
from services.surveillance.api.blueprint import api
from services.surveillance.commands import looking
from services.surveillance.domain.report import Report
from shared.web import (
    ById,
    FileStorage,
    allow,
    checked_upload,
    current_actor,
    file_response,
    make_download,
    reading,
    unit_of_work,
)


class Holdings(BaseModel):
    """Certificates, the newest first."""

    items: list[queries.HoldingView]


class History(BaseModel):
    """Chains of certificates that follow each other, each from the first to the newest."""

    chains: list[list[queries.HoldingView]]


class DocumentById(BaseModel):
    """`id` is the report's, `document_id` that of a piece of evidence uploaded for it."""

    id: UUID
    document_id: UUID


class Attachment(BaseModel):
    """A piece of evidence as a multipart form sends it: PDF, JPEG or PNG."""

    file: FileStorage


@api.get("/holdings", responses={200: Holdings})
@allow(HOLDERS)
def get_holdings() -> Holdings:
    """One's own certificates with the reports due for them."""
    with reading() as session:
        return Holdings(items=queries.list_holdings(session, current_actor().id))


@api.get("/holdings/<uuid:id>", responses={200: queries.HoldingView})
@allow(HOLDERS_AND_READERS)
def get_holding(path: ById) -> queries.HoldingView:
    """One certificate with the reports due for it."""
    with unit_of_work() as session:
        return looking.open_holding(session, current_actor(), path.id)


@api.get("/history", responses={200: History})
@allow(HOLDERS)
def get_history() -> History:
    """How one's own certificates followed each other."""
    with reading() as session:
        return History(chains=queries.list_certificate_chains(session, current_actor().id))


@api.get("/reports/<uuid:id>", responses={200: queries.SurveillanceView})
@allow(HOLDERS_AND_READERS)
def get_report(path: ById) -> queries.SurveillanceView:
    """One year's surveillance; the draft is shown to the holder alone."""
    with unit_of_work() as session:
        return looking.open_report(session, current_actor(), path.id)[0]


@api.put("/reports/<uuid:id>/draft", responses={200: queries.SurveillanceView})
@allow(HOLDERS)
def put_report_draft(path: ById, body: Report) -> queries.SurveillanceView:
    """Keep what has been filled in so far; a draft may be incomplete."""
    with unit_of_work() as session:
        commands.save_report_draft(session, current_actor(), path.id, body)
        session.flush()
        return queries.view_surveillance(session, current_actor(), path.id)


@api.post("/reports/<uuid:id>/documents", responses={201: queries.DocumentView})
@allow(HOLDERS)
def post_evidence(path: ById, form: Attachment) -> tuple[queries.DocumentView, int]:
    """Upload a piece of evidence; the report's evidence then names it by its `document_id`."""
    with reading() as session:
        commands.refuse_more_evidence(session, current_actor(), path.id)
    uploaded = evidence.keep_evidence(current_actor(), path.id, checked_upload(form.file))
    with unit_of_work() as session:
        document = commands.attach_evidence(session, current_actor(), path.id, uploaded)
        session.flush()
        return queries.describe_evidence(document), 201


@api.get("/reports/<uuid:id>/documents/<uuid:document_id>", responses={200: file_response("application/pdf")})
@allow(HOLDERS_AND_READERS)
def get_evidence(path: DocumentById) -> Response:
    """A piece of evidence as it was uploaded."""
    with unit_of_work() as session:
        found, key = looking.open_evidence(session, current_actor(), path.id, path.document_id)
    return make_download(evidence.fetch_evidence(key), found.name, found.content_type)


@api.post("/reports/<uuid:id>/file", responses={200: queries.SurveillanceView})
@allow(HOLDERS)
def post_report(path: ById, body: Report) -> queries.SurveillanceView:
    """Hand the report in, signed and complete."""
    with unit_of_work() as session:
        commands.file_report(session, current_actor(), path.id, body)
        session.flush()
        return queries.view_surveillance(session, current_actor(), path.id)
