"""Pages of the pre-assessment (process 2.6)."""

from typing import Any
from uuid import UUID

from flask.typing import ResponseReturnValue

from services.assessment.access import ASSESSORS, ASSESSORS_AND_PLANNERS, CANDIDATES
from services.assessment.commands import preassessment as commands
from services.assessment.commands.inputs import Reason
from services.assessment.commands.preassessment import Appointment, Findings, Return
from services.assessment.domain.preassessment import Briefing, Explanation, Quality
from services.assessment.pages.blueprint import go_to_case, pages, render_noted_page, view_shown_case
from services.assessment.queries.views import CaseView
from shared.errors import N_
from shared.web import Form, allow, current_actor, leaving_refusals, redirect_to, render_page, unit_of_work


@pages.route("/cases/<uuid:id>/appointment", methods=["GET", "POST"])
@allow(ASSESSORS_AND_PLANNERS)
def submit_pre_assessment_appointment(id: UUID) -> ResponseReturnValue:
    """Make or move the appointment of the pre-assessment."""
    form = Form(Appointment)
    if form.submitted():
        with form.refusing():
            with unit_of_work() as session:
                commands.schedule_pre_assessment(session, current_actor(), id, form.value)
            return go_to_case(N_("Jadwal pra-asesmen disimpan dan diberitahukan kepada asesi."), id)
    return render_page("assessment/appointment.html", form=form, case=view_shown_case(id))


@pages.route("/cases/<uuid:id>/findings", methods=["GET", "POST"])
@allow(ASSESSORS)
def submit_findings(id: UUID) -> ResponseReturnValue:
    """The form of the pre-assessment; sent to this address it is kept as a draft."""
    found = view_shown_case(id)
    form = Form(Findings, values=_known(found))
    if form.submitted(_tools_by_line):
        with form.refusing():
            with unit_of_work() as session:
                commands.draft_plan(session, current_actor(), id, form.value)
            return go_to_case(N_("Rancangan disimpan."), id)
    return _findings_page(form, found)


@pages.post("/cases/<uuid:id>/plan")
@allow(ASSESSORS)
def submit_plan(id: UUID) -> ResponseReturnValue:
    """The form of the pre-assessment, sent to the candidate for agreement."""
    found = view_shown_case(id)
    form = Form(Findings, values=_known(found))
    if form.submitted(_tools_by_line):
        with form.refusing():
            with unit_of_work() as session:
                commands.propose_plan(session, current_actor(), id, form.value)
            return go_to_case(N_("Rencana diajukan. Asesi diminta menyetujuinya."), id)
    return _findings_page(form, found)


@pages.route("/cases/<uuid:id>/return", methods=["GET", "POST"])
@allow(ASSESSORS)
def submit_case_return(id: UUID) -> ResponseReturnValue:
    """Give form and documents back to the candidate, with a reason for each item."""
    form = Form(Return)
    if form.submitted():
        with form.refusing():
            with unit_of_work() as session:
                commands.return_case(session, current_actor(), id, form.value)
            return go_to_case(N_("Formulir dan dokumen dikembalikan kepada asesi."), id)
    return render_page("assessment/return.html", form=form, case=view_shown_case(id))


@pages.post("/cases/<uuid:id>/agreement")
@allow(CANDIDATES)
def submit_plan_agreement(id: UUID) -> ResponseReturnValue:
    """The candidate agrees to the plan (FR.AK.01)."""
    with leaving_refusals():
        with unit_of_work() as session:
            commands.agree_to_plan(session, current_actor(), id)
        return go_to_case(N_("Persetujuan tercatat. Jadwal asesmen akan diberitahukan."), id)
    return redirect_to("pages.show_assessment_case", id=id)


@pages.route("/cases/<uuid:id>/disagreement", methods=["GET", "POST"])
@allow(CANDIDATES)
def submit_plan_disagreement(id: UUID) -> ResponseReturnValue:
    """The candidate asks for another plan and says why."""
    form = Form(Reason)
    if form.submitted():
        with form.refusing():
            with unit_of_work() as session:
                commands.decline_plan(session, current_actor(), id, form.value)
            return go_to_case(N_("Keberatan Anda disampaikan kepada asesor."), id)
    return render_page(
        "assessment/reason.html",
        form=form,
        case=view_shown_case(id),
        heading=N_("Minta rencana lain"),
        explanation=N_("Tulis apa yang perlu diubah; asesor akan memperbaiki rencana."),
        button=N_("Kirim kepada asesor"),
    )


def _findings_page(form: Form[Findings], case: CaseView) -> ResponseReturnValue:
    documents = case.file.documents if case.file else []
    return render_noted_page(
        "assessment/findings.html",
        case,
        form=form,
        documents=documents,
        qualities=list(Quality),
        explanations=list(Explanation),
        briefings=list(Briefing),
    )


def _known(case: CaseView) -> dict[str, Any]:
    """What was kept before, a row for each document and unit in the order they are shown."""
    kept = case.consultation
    checks = {check.document_id: check.model_dump() for check in kept.checks} if kept else {}
    planned = {unit.unit: unit.model_dump() for unit in kept.plan} if kept else {}
    return {
        "checks": [checks.get(each.document_id, {}) for each in (case.file.documents if case.file else [])],
        "explanations": kept.explanations if kept else [],
        "briefings": kept.briefings if kept else [],
        "plan": [planned.get(unit.code, {}) for unit in case.units],
        "adjustments": kept.adjustments if kept else "",
    }


def _tools_by_line(data: dict[str, Any]) -> dict[str, Any]:
    """The form has one text of many lines where the plan has a list of tools."""
    for unit in data.get("plan", []):
        lines = "\n".join(unit.get("tools", [])).splitlines()
        unit["tools"] = [line.strip() for line in lines if line.strip()]
    return data
