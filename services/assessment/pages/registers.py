"""Pages of the registers of assessors and TUK."""

from uuid import UUID

from flask.typing import ResponseReturnValue

from services.assessment.access import ASSESSOR_KEEPERS, CENTRE_KEEPERS, READERS
from services.assessment.commands import registers as commands
from services.assessment.commands.registers import AssessorDetails, CentreDetails, RegisterAssessor
from services.assessment.domain.venue import CentreKind
from services.assessment.pages.blueprint import pages
from services.assessment.queries import registers as queries
from services.assessment.queries.registers import RegisterQuery
from shared.errors import N_
from shared.schemes import shipped_schemes
from shared.web import (
    Form,
    allow,
    current_actor,
    current_language,
    gettext,
    leave_notice,
    read_query,
    reading,
    redirect_to,
    render_page,
    unit_of_work,
)


@pages.get("/assessors")
@allow(READERS)
def show_assessors() -> ResponseReturnValue:
    """The register of assessors."""
    query: RegisterQuery = read_query(RegisterQuery)
    with reading() as session:
        found = queries.list_assessors(session, query)
    return render_page(
        "assessment/assessors.html",
        found=found,
        query=query,
        states=_validity(),
        titles=_titles(),
        keeps=current_actor().has(*ASSESSOR_KEEPERS),
    )


@pages.route("/assessors/new", methods=["GET", "POST"])
@allow(ASSESSOR_KEEPERS)
def submit_new_assessor() -> ResponseReturnValue:
    """Enter an account into the register of assessors."""
    form = Form(RegisterAssessor, values={"active": True})
    if form.submitted():
        with form.refusing():
            with unit_of_work() as session:
                commands.register_assessor(session, current_actor(), form.value)
            leave_notice(N_("Asesor terdaftar."))
            return redirect_to("pages.show_assessors")
    with reading() as session:
        accounts = [
            (str(each.id), f"{each.name} ({each.email})") for each in queries.list_unregistered_accounts(session)
        ]
    return render_page("assessment/assessor_form.html", form=form, accounts=accounts, titles=_titles(), assessor=None)


@pages.route("/assessors/<uuid:id>", methods=["GET", "POST"])
@allow(ASSESSOR_KEEPERS)
def submit_assessor(id: UUID) -> ResponseReturnValue:
    """Renew or correct one entry of the register of assessors."""
    with reading() as session:
        found = queries.view_assessor(session, id)
    form = Form(AssessorDetails, values=found)
    if form.submitted(_ticked_or_not):
        with form.refusing():
            with unit_of_work() as session:
                commands.change_assessor(session, current_actor(), id, form.value)
            leave_notice(N_("Data asesor disimpan."))
            return redirect_to("pages.show_assessors")
    return render_page("assessment/assessor_form.html", form=form, accounts=[], titles=_titles(), assessor=found)


@pages.get("/centres")
@allow(READERS)
def show_centres() -> ResponseReturnValue:
    """The register of assessment centres (TUK)."""
    query: RegisterQuery = read_query(RegisterQuery)
    with reading() as session:
        found = queries.list_centres(session, query)
    return render_page(
        "assessment/centres.html",
        found=found,
        query=query,
        states=_validity(),
        titles=_titles(),
        keeps=current_actor().has(*CENTRE_KEEPERS),
    )


@pages.route("/centres/new", methods=["GET", "POST"])
@allow(CENTRE_KEEPERS)
def submit_new_centre() -> ResponseReturnValue:
    """Enter a TUK into the register."""
    form = Form(CentreDetails, values={"active": True})
    if form.submitted():
        with form.refusing():
            with unit_of_work() as session:
                commands.add_centre(session, current_actor(), form.value)
            leave_notice(N_("TUK terdaftar."))
            return redirect_to("pages.show_centres")
    return render_page("assessment/centre_form.html", form=form, kinds=list(CentreKind), titles=_titles(), centre=None)


@pages.route("/centres/<uuid:id>", methods=["GET", "POST"])
@allow(CENTRE_KEEPERS)
def submit_centre(id: UUID) -> ResponseReturnValue:
    """Renew or correct the entry of one TUK."""
    with reading() as session:
        found = queries.view_centre(session, id)
    form = Form(CentreDetails, values=found)
    if form.submitted(_ticked_or_not):
        with form.refusing():
            with unit_of_work() as session:
                commands.change_centre(session, current_actor(), id, form.value)
            leave_notice(N_("Data TUK disimpan."))
            return redirect_to("pages.show_centres")
    return render_page("assessment/centre_form.html", form=form, kinds=list(CentreKind), titles=_titles(), centre=found)


def _titles() -> dict[str, str]:
    return {scheme.id: scheme.title.in_language(current_language()) for scheme in shipped_schemes().current()}


def _validity() -> list[tuple[str, str]]:
    return [("valid", gettext("Berlaku")), ("expired", gettext("Kedaluwarsa"))]


def _ticked_or_not(data: dict[str, object]) -> dict[str, object]:
    """A box that is not ticked is not sent."""
    return {"active": False, **data}
