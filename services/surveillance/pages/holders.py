"""A holder's pages: the certificate, the yearly report, the history."""

from typing import Any
from uuid import UUID

from flask import request, url_for
from flask.typing import ResponseReturnValue
from pydantic import BaseModel

from services.surveillance import commands, queries
from services.surveillance import document_store as evidence
from services.surveillance.access import HOLDERS, HOLDERS_AND_READERS, REVIEWERS
from services.surveillance.commands import looking
from services.surveillance.domain.report import Fit, Frequency, Report
from services.surveillance.domain.workflow import State
from services.surveillance.pages.blueprint import pages
from shared.errors import N_
from shared.web import (
    Form,
    allow,
    checked_upload,
    current_actor,
    leave_notice,
    leaving_refusals,
    make_download,
    noting_look,
    reading,
    redirect_to,
    render_page,
    take_upload,
    unit_of_work,
    warn_of_active_content,
)


class Evidence(BaseModel):
    """A document to be attached to the report; the file alone is asked for."""


@pages.get("/holdings/<uuid:certificate_id>")
@allow(HOLDERS_AND_READERS)
def show_holding(certificate_id: UUID) -> ResponseReturnValue:
    """A certificate with the reports due for it; only its holder sees what can be done with it."""
    with noting_look() as session:
        found = looking.open_holding(session, current_actor(), certificate_id)
    return render_page("surveillance/holding.html", holding=found, own=found.holder_id == current_actor().id)


@pages.get("/history")
@allow(HOLDERS)
def show_history() -> ResponseReturnValue:
    """Every chain of one's own certificates."""
    with reading() as session:
        return render_page(
            "surveillance/history.html", chains=queries.list_certificate_chains(session, current_actor().id)
        )


@pages.route("/reports/<uuid:report_id>", methods=["GET", "POST"])
@allow(HOLDERS_AND_READERS)
def submit_report(report_id: UUID) -> ResponseReturnValue:
    """The form while the holder can still report; else, and for everybody else, the report as it was handed in."""
    with noting_look() as session:
        found, held = looking.open_report(session, current_actor(), report_id)
    if held.holder_id != current_actor().id or not found.can_report:
        reviewing = current_actor().has(*REVIEWERS) and held.holder_id != current_actor().id
        return render_page("surveillance/report.html", report=found, holding=held, reviewing=reviewing)
    form = Form(Report, values=_begun(found))
    if form.submitted():
        with form.refusing():
            with unit_of_work() as session:
                commands.file_report(session, current_actor(), report_id, form.value)
            leave_notice(N_("Laporan terkirim. Hasil tinjauan akan diberitahukan lewat surel."))
            return redirect_to("pages.show_holding", certificate_id=held.certificate_id)
    return _form_page(form, found, held)


@pages.post("/reports/<uuid:report_id>/draft")
@allow(HOLDERS)
def submit_report_draft(report_id: UUID) -> ResponseReturnValue:
    """Keep what is filled in so far and show the form again; a draft may be incomplete."""
    with reading() as session:
        found = queries.view_surveillance(session, current_actor(), report_id)
        held = queries.view_holding(session, current_actor(), found.certificate_id)
    form = Form(Report, values=_begun(found))
    if form.submitted():
        with form.refusing():
            with unit_of_work() as session:
                commands.save_report_draft(session, current_actor(), report_id, form.value)
            leave_notice(N_("Rancangan laporan disimpan."))
            return redirect_to("pages.submit_report", report_id=report_id)
    return _form_page(form, found, held)


@pages.post("/reports/<uuid:report_id>/documents")
@allow(HOLDERS)
@take_upload
def submit_evidence(report_id: UUID) -> ResponseReturnValue:
    """Upload a piece of evidence."""
    with leaving_refusals():
        with reading() as session:
            commands.refuse_more_evidence(session, current_actor(), report_id)
        uploaded = evidence.keep_evidence(current_actor(), report_id, checked_upload(request.files.get("file")))
        with unit_of_work() as session:
            commands.attach_evidence(session, current_actor(), report_id, uploaded)
        leave_notice(N_("Dokumen {name} diunggah. Pilih dokumen itu pada baris bukti."), name=uploaded.file.name)
        warn_of_active_content(uploaded.file.active_content)
    return redirect_to(f"{url_for('pages.submit_report', report_id=report_id)}#dokumen")


@pages.get("/reports/<uuid:report_id>/documents/<uuid:document_id>")
@allow(HOLDERS_AND_READERS)
def show_evidence(report_id: UUID, document_id: UUID) -> ResponseReturnValue:
    """A piece of evidence as it was uploaded, as an attachment."""
    with noting_look() as session:
        found, key = looking.open_evidence(session, current_actor(), report_id, document_id)
    return make_download(evidence.fetch_evidence(key), found.name, found.content_type)


def _begun(found: queries.SurveillanceView) -> dict[str, Any]:
    """The values the form begins with: the draft or nothing, and one row for each unit on the certificate now.

    Units taken away since the draft was saved are left out (R16).
    """
    data = (found.draft or Report()).model_dump(mode="json")
    known = {use["unit"]: use for use in data["units"]}
    data["units"] = [known.get(unit.code, {"unit": unit.code}) for unit in found.units]
    return data


def _form_page(form: Form[Report], found: queries.SurveillanceView, held: queries.HoldingView) -> ResponseReturnValue:
    return render_page(
        "surveillance/form.html",
        form=form,
        upload=Form(Evidence),
        report=found,
        holding=held,
        fits=list(Fit),
        documents=[(str(document.document_id), document.name) for document in found.documents],
        frequencies=list(Frequency),
        clarification=found.reviews[-1] if found.reviews and found.state is not State.OPEN else None,
    )
