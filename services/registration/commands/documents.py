"""Evidence documents: added, removed, opened (process 2.2, 2.5; R4). Their bytes lie in `document_store`."""

from base64 import b64encode
from dataclasses import dataclass
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from services.registration.access import require_evidence
from services.registration.commands.loading import load_own_application
from services.registration.domain.application import KINDS, DocumentKind, list_kinds_to_attach
from services.registration.domain.workflow import DOCUMENTS_OPEN, FORM_OPEN, STATES
from services.registration.models import Application, Document, SelfAssessment
from shared import clock
from shared.access_log import Look, note_looks
from shared.audit import record_act
from shared.errors import N_, Conflict, Invalid, NotFound
from shared.schemes import shipped_schemes
from shared.security.actor import Actor
from shared.uploads.reading import ReadFile

MOST = 60
UNKNOWN = N_("Dokumen tidak ditemukan.")


@dataclass(frozen=True, slots=True)
class AddDocument:
    """A file that was read; `key` is where what is kept of it lies already."""

    kind: DocumentKind
    title: str
    file: ReadFile
    key: str


def check_may_add_document(session: Session, actor: Actor, application_id: UUID, kind: DocumentKind) -> Application:
    """Return the actor's own application if a document of `kind` may be added to it now.

    Asked before the bytes are stored and again when the row is written. Raises NotFound, Conflict when the file is
    closed or full (60 documents), Invalid on `kind` for a proof of payment that the scheme does not ask for.
    """
    application = load_own_application(session, actor, application_id)
    if application.state not in DOCUMENTS_OPEN:
        raise Conflict(
            "documents-closed",
            N_("Permohonan berstatus “{state}”; dokumen tidak dapat diubah sekarang."),
            state=STATES[application.state],
        )
    if kind not in list_kinds_to_attach(shipped_schemes().get(application.scheme_id, application.scheme_version).fee):
        message = N_("Skema ini tidak dipungut biaya; bukti pembayaran tidak diperlukan.")
        raise Invalid("document-kind", message, fields={"kind": message})
    if len(application.present) >= MOST:
        raise Conflict(
            "too-many-documents", N_("Paling banyak {most} dokumen; hapus yang tidak diperlukan."), most=MOST
        )
    return application


def add_document(session: Session, actor: Actor, application_id: UUID, command: AddDocument) -> Document:
    """Add a document whose bytes are stored already. Raises what `check_may_add_document` raises."""
    application = check_may_add_document(session, actor, application_id, command.kind)
    document = make_document(command)
    application.documents.append(document)
    _touch(application)
    session.flush()
    record_act(
        session, actor, "document:add", application.subject, None,
        {"document": str(document.id), "kind": document.kind, "sha256": document.sha256,
         "active_content": document.active_content},
    )  # fmt: skip
    return document


def make_document(command: AddDocument) -> Document:
    """Return the row of a document whose bytes are stored already; it belongs to no application yet."""
    file = command.file
    return Document(
        id=uuid4(),
        kind=command.kind,
        title=command.title.strip() or KINDS[command.kind],
        file_name=file.name,
        content_type=file.content_type,
        size=len(file.data),
        sha256=file.sha256,
        sent_sha256=file.sent_sha256,
        preview=b64encode(file.preview).decode() if file.preview else None,
        key=command.key,
        uploaded_at=clock.now(),
        active_content=file.active_content,
    )


def remove_document(session: Session, actor: Actor, application_id: UUID, document_id: UUID) -> Application:
    """Remove a document from the file as it is now; rounds it was filed with keep it (process 2.3).

    Raises NotFound, and Conflict when the file is closed or the document was verified at admission.
    """
    application = load_own_application(session, actor, application_id)
    document = next((one for one in application.present if one.id == document_id), None)
    if document is None:
        raise NotFound("document-unknown", UNKNOWN)
    if application.state not in DOCUMENTS_OPEN:
        raise Conflict(
            "documents-closed",
            N_("Permohonan berstatus “{state}”; dokumen tidak dapat diubah sekarang."),
            state=STATES[application.state],
        )
    verified = application.admitted_at is not None and document.uploaded_at <= application.admitted_at
    if application.state not in FORM_OPEN and verified:
        raise Conflict("document-verified", N_("Dokumen ini sudah diverifikasi dan tetap dalam berkas."))
    document.removed_at = clock.now()
    _touch(application)
    record_act(session, actor, "document:remove", application.subject, {"document": str(document.id)}, None)
    return application


def open_evidence_document(session: Session, actor: Actor, document_id: UUID) -> Document:
    """Return a document to be read by its owner, the secretariat, the cleared assessor (R4) or who decides; audited.

    Raises Forbidden for an officer who has not declared (R1), NotFound for anybody else, as if there were none.
    """
    document = session.scalar(
        select(Document).where(Document.id == document_id).options(joinedload(Document.application))
    )
    unknown = NotFound("document-unknown", UNKNOWN)
    if document is None:
        raise unknown
    application = document.application
    require_evidence(session, actor, application, unknown)
    note_looks(session, actor, [application.applicant_id], Look.DOCUMENT, application.subject)
    record_act(session, actor, "document:open", document.application.subject, None, {"document": str(document.id)})
    return document


def open_frozen_document(
    session: Session, actor: Actor, application_id: UUID, document_id: UUID
) -> tuple[Document, str]:
    """Return a document of the file as submitted, and the SHA-256 it was submitted with, for who decides (R12).

    Raises what `open_evidence_document` raises, and NotFound for a document that no submission named.
    """
    document = open_evidence_document(session, actor, document_id)
    frozen = session.scalars(
        select(SelfAssessment)
        .where(SelfAssessment.application_id == application_id, SelfAssessment.file.is_not(None))
        .order_by(SelfAssessment.number.desc())
    )
    for row in frozen:
        for one in (row.file or {}).get("documents", []):
            if document.application_id == application_id and one["id"] == str(document_id):
                return document, one["sha256"]
    raise NotFound("document-unknown", UNKNOWN)


def _touch(application: Application) -> None:
    """A changed set of documents is a changed application: filing at the same moment must not miss it."""
    application.updated_at = clock.now()
