"""A candidate's own decision: what was decided and why, and the appeal against it (process 2.10)."""

from typing import Any
from uuid import UUID

from flask.typing import ResponseReturnValue

from services.decision.access import CANDIDATES
from services.decision.commands import appeals as commands
from services.decision.commands import reassessments
from services.decision.pages.blueprint import pages
from services.decision.queries import cases
from services.decision.queries.own_views import OwnAppeal
from shared.errors import N_
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
    unit_of_work,
)
from shared.web.formats import label_of


@pages.get("/my/<uuid:id>")
@allow(CANDIDATES)
def show_own_decision_case(id: UUID) -> ResponseReturnValue:
    """The asking candidate's own case: what was decided and why, and the way to an appeal."""
    return _own_page(id)


@pages.post("/my/<uuid:id>/appeal")
@allow(CANDIDATES)
def submit_appeal(id: UUID) -> ResponseReturnValue:
    """Appeal against the decision (FR.AK.04)."""
    form = Form(commands.FileAppeal)
    if form.submitted(lambda data: {"units": [], "reasons": "", **data}):
        with form.refusing():
            with unit_of_work() as session:
                commands.file_appeal(session, current_actor(), id, form.value)
            leave_notice(N_("Banding Anda kami terima. Tanda terima dikirim lewat surel."))
            return redirect_to("pages.show_own_decision_case", id=id)
    return _own_page(id, form)


@pages.post("/my/<uuid:id>/reassessment")
@allow(CANDIDATES)
def submit_reassessment_request(id: UUID) -> ResponseReturnValue:
    """Accept the decision and ask for another try at the BK units (R28)."""
    form = Form(reassessments.RequestReassessment)
    if form.submitted(lambda data: {"units": [], **data}):
        with form.refusing():
            with unit_of_work() as session:
                reassessments.request_reassessment(session, current_actor(), id, form.value)
            leave_notice(N_("Asesmen ulang Anda tercatat. Jadwalnya diberitahukan lewat surel."))
            return redirect_to("pages.show_own_decision_case", id=id)
    return _own_page(id, reassessment_form=form)


@pages.post("/my/<uuid:id>/give-up")
@allow(CANDIDATES)
def submit_giving_up(id: UUID) -> ResponseReturnValue:
    """Close the case for good, so that a new application can be made."""
    with leaving_refusals():
        with unit_of_work() as session:
            reassessments.give_up_ways(session, current_actor(), id)
        leave_notice(N_("Perkara ini ditutup. Anda dapat mengajukan permohonan baru."))
    return redirect_to("pages.show_own_decision_case", id=id)


def _own_page(
    id: UUID, form: Form[Any] | None = None, reassessment_form: Form[Any] | None = None
) -> ResponseReturnValue:
    with reading() as session:
        found = cases.view_own_decision_case(session, current_actor(), id)
    chosen = {"units": [unit.unit for unit in found.appealable]}
    return render_page(
        "decision/own.html",
        form=form or reassessment_form,
        appeal_form=form or Form(commands.FileAppeal, values=chosen),
        reassessment_form=reassessment_form
        or Form(reassessments.RequestReassessment, values={"units": [one.unit for one in found.tries]}),
        case=found,
        tries=[(one.unit, f"{one.unit} {one.title}") for one in found.tries],
        units=[(unit.unit, f"{unit.unit} {unit.title}") for unit in found.appealable],
        progress={one.appeal.id: _progress(one.appeal) for one in found.decisions if one.appeal},
    )


def _progress(appeal: OwnAppeal) -> list[dict[str, Any]]:
    """Each step the appellant was told of, with its time (R9)."""
    steps = [{"at": one.at, "title": label_of(one.step), "note": "", "state": "done"} for one in appeal.steps]
    if not appeal.state.ended:
        steps.append({"at": None, "title": gettext(N_("Putusan panel")), "note": "", "state": "next"})
    return steps
