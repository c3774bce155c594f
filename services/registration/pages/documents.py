"""Evidence documents on pages: attached, taken away, opened as attachments; and the forms on paper."""

from uuid import UUID

from werkzeug.wrappers import Response

from services.registration import printed_forms
from services.registration.access import APPLICANTS, EVIDENCE_READERS
from services.registration.api.documents import (
    download_frozen_document,
    download_opened_document,
    download_printed_form,
    store_uploaded_document,
)
from services.registration.commands import documents as commands
from services.registration.domain.application import DocumentKind, list_kinds_to_attach
from services.registration.domain.form import Line, Section
from services.registration.domain.workflow import DOCUMENTS_OPEN
from services.registration.pages.blueprint import pages
from services.registration.pages.fields import SECTIONS
from services.registration.queries import applications as queries
from shared.errors import N_
from shared.schemes import shipped_schemes
from shared.web import (
    Form,
    allow,
    current_actor,
    gettext,
    leave_notice,
    leaving_refusals,
    reading,
    redirect_to,
    render_page,
    take_upload,
    unit_of_work,
    warn_of_active_content,
)


class Attach(Section):
    """What an upload is said to be."""

    kind: DocumentKind
    title: Line = ""


@pages.route("/applications/<uuid:application_id>/documents", methods=["GET", "POST"])
@allow(APPLICANTS)
@take_upload
def show_application_documents(application_id: UUID) -> Response:
    """Show the documents of one's own file and attach another."""
    form = Form(Attach)
    if form.submitted():
        upload = form.upload("file")
        if upload is not None:
            with form.refusing():
                added = store_uploaded_document(application_id, form.value.kind, form.value.title, upload)
                leave_notice(N_("{title} sudah diunggah."), title=added.title)
                warn_of_active_content(added.active_content or [])
                return redirect_to("pages.show_application_documents", application_id=application_id)
    with reading() as session:
        found = queries.view_own_application(session, current_actor(), application_id, gettext)
    return render_page(
        "registration/applications/documents.html",
        form=form,
        found=found,
        sections=SECTIONS,
        kinds=list_kinds_to_attach(shipped_schemes().get(found.scheme.id, found.scheme.version).fee),
        is_open=found.state in DOCUMENTS_OPEN,
    )


@pages.post("/applications/<uuid:application_id>/documents/<uuid:document_id>/remove")
@allow(APPLICANTS)
def submit_document_removal(application_id: UUID, document_id: UUID) -> Response:
    """Remove a document at its button."""
    with leaving_refusals():
        with unit_of_work() as session:
            commands.remove_document(session, current_actor(), application_id, document_id)
        leave_notice(N_("Dokumen sudah dihapus dari berkas."))
    return redirect_to("pages.show_application_documents", application_id=application_id)


@pages.get("/documents/<uuid:document_id>")
@allow(EVIDENCE_READERS)
def show_document(document_id: UUID) -> Response:
    """Download a document."""
    return download_opened_document(document_id)


@pages.get("/dossier/<uuid:application_id>/documents/<uuid:document_id>")
@allow(EVIDENCE_READERS)
def show_frozen_document(application_id: UUID, document_id: UUID) -> Response:
    """Download a document of the file that a decision rests on, compared with its hash (R12)."""
    return download_frozen_document(application_id, document_id)


@pages.get("/applications/<uuid:application_id>/fr-apl-01.pdf")
@allow(EVIDENCE_READERS)
def show_printed_application_form(application_id: UUID) -> Response:
    """Download FR-APL-01 as PDF."""
    return download_printed_form(application_id, printed_forms.PrintableForm.APL_01)


@pages.get("/applications/<uuid:application_id>/fr-apl-02.pdf")
@allow(EVIDENCE_READERS)
def show_printed_self_assessment(application_id: UUID) -> Response:
    """Download FR-APL-02 as PDF."""
    return download_printed_form(application_id, printed_forms.PrintableForm.APL_02)
