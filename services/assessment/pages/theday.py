"""Pages of the day itself (process 2.7, 2.8)."""

from typing import Any
from uuid import UUID

from flask.typing import ResponseReturnValue

from services.assessment.access import ASSESSORS, CANDIDATES
from services.assessment.commands import theday as commands
from services.assessment.commands.theday import Confirm, Recommend, Record
from services.assessment.domain.paperfile import PAPER_FILE, PaperItem, Tick
from services.assessment.pages.blueprint import go_to_case, pages, render_noted_page, view_shown_case
from services.assessment.queries.views import CaseView
from shared.contracts.words import Judgement
from shared.errors import N_
from shared.schemes import Method
from shared.web import Form, allow, current_actor, leaving_refusals, redirect_to, render_page, unit_of_work
from shared.web.formats import label_of


@pages.route("/cases/<uuid:id>/confirmation", methods=["GET", "POST"])
@allow(ASSESSORS)
def submit_readiness_confirmation(id: UUID) -> ResponseReturnValue:
    """The assessor ticks the paper file off and so confirms that the candidate is ready (domain handbook 3.3)."""
    found = view_shown_case(id)
    form = Form(Confirm)
    if form.submitted(_with_checklist):
        with form.refusing():
            with unit_of_work() as session:
                commands.confirm_readiness(session, current_actor(), id, form.value)
            return go_to_case(N_("Kesiapan asesi dikonfirmasi."), id)
    items = [(item, _ticks(item)) for item in PAPER_FILE]
    return render_page("assessment/confirmation.html", form=form, case=found, items=items)


@pages.post("/cases/<uuid:id>/readiness")
@allow(CANDIDATES)
def submit_readiness(id: UUID) -> ResponseReturnValue:
    """The candidate declares to be ready (process 2.7)."""
    with leaving_refusals():
        with unit_of_work() as session:
            commands.declare_readiness(session, current_actor(), id)
        return go_to_case(N_("Pernyataan siap Anda tercatat."), id)
    return redirect_to("pages.show_assessment_case", id=id)


@pages.route("/cases/<uuid:id>/record", methods=["GET", "POST"])
@allow(ASSESSORS)
def submit_day_record(id: UUID) -> ResponseReturnValue:
    """FR.AK.02: one row per unit and agreed method; what is left open can be filled in later."""
    found = view_shown_case(id)
    cells = _cells(found)
    form = Form(Record, values=_recorded(found, cells))
    if form.submitted(_only_judged):
        with form.refusing():
            with unit_of_work() as session:
                commands.write_day_record(session, current_actor(), id, form.value)
            return go_to_case(N_("Catatan asesmen disimpan."), id)
    titles = {unit.code: unit.title for unit in found.units}
    return render_noted_page(
        "assessment/record.html",
        found,
        form=form,
        cells=cells,
        titles=titles,
        judgements=list(Judgement),
        method_name=lambda method: label_of(Method(method)),
    )


@pages.route("/cases/<uuid:id>/recommendation", methods=["GET", "POST"])
@allow(ASSESSORS)
def submit_recommendation(id: UUID) -> ResponseReturnValue:
    """What the record says per unit, for the assessor to confirm as a recommendation; the officers decide (R2)."""
    found = view_shown_case(id)
    derived = found.record.derived if found.record else {}
    rows = [{"unit": unit.code, "judgement": derived.get(unit.code), "note": ""} for unit in found.units]
    form = Form(Recommend, values={"units": rows, "note": ""})
    if form.submitted():
        with form.refusing():
            with unit_of_work() as session:
                commands.recommend_judgements(session, current_actor(), id, form.value)
            return go_to_case(N_("Rekomendasi disampaikan kepada rapat keputusan."), id)
    return render_noted_page(
        "assessment/recommendation.html", found, form=form, derived=derived, judgements=list(Judgement)
    )


def _ticks(item: PaperItem) -> list[Tick]:
    return list(Tick) if item.conditional else [Tick.PRESENT, Tick.ABSENT]


def _with_checklist(data: dict[str, Any]) -> dict[str, Any]:
    """A form on which nothing was chosen sends nothing."""
    return {"checklist": {}, **data}


def _cells(case: CaseView) -> list[tuple[str, str]]:
    plan = case.consultation.plan if case.consultation else []
    return [(unit.unit, method.value) for unit in plan for method in unit.methods]


def _recorded(case: CaseView, cells: list[tuple[str, str]]) -> dict[str, Any]:
    known: dict[str, dict[Any, Judgement]] = dict(case.record.judgements) if case.record else {}
    return {
        "judgements": [
            {"unit": unit, "method": method, "judgement": known.get(unit, {}).get(method)} for unit, method in cells
        ],
        "further_evidence": [each.model_dump() for each in case.record.further_evidence] if case.record else [],
    }


def _only_judged(data: dict[str, Any]) -> dict[str, Any]:
    """Cells left open are not sent; a form without further evidence empties the list."""
    judged = [cell for cell in data.get("judgements", []) if cell.get("judgement")]
    return {"further_evidence": [], **data, "judgements": judged}
