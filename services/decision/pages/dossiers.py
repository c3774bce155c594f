"""The whole file of a case on one page, after the declaration that opens it (R1, R7, R12)."""

from typing import Any
from uuid import UUID

from flask.typing import ResponseReturnValue

from services.decision import dossier_paper
from services.decision.access import HEARERS, READING_WATCHERS
from services.decision.commands import declaring, loading, looking
from services.decision.pages.blueprint import pages
from services.decision.queries.declarations import list_declared, require_seat_on_case
from services.decision.queries.dossier import list_readings
from services.decision.queries.dossier_views import WhichAttempt
from shared.errors import N_
from shared.web import (
    Form,
    allow,
    current_actor,
    current_database,
    leave_notice,
    make_download,
    read_query,
    reading,
    redirect_to,
    render_page,
    unit_of_work,
)


@pages.get("/cases/<uuid:id>/dossier")
@allow(HEARERS)
def show_dossier(id: UUID) -> ResponseReturnValue:
    """The whole file; before the declaration the page that asks for it (403), and nothing of the file."""
    query = read_query(WhichAttempt)
    me = current_actor()
    with unit_of_work() as session:
        case = loading.load_case(session, id)
        declared = bool(list_declared(session, me.id, [id]))
        found = looking.open_dossier(session, me, id, query.attempt) if declared else None
        readings = list_readings(session, case) if declared and me.has(*READING_WATCHERS) else []
    if found is None:
        return _render_declaration(id, Form(declaring.Declare), status=403)
    return render_page("decision/dossier.html", dossier=found, readings=readings)


@pages.post("/cases/<uuid:id>/declaration")
@allow(HEARERS)
def submit_declaration(id: UUID) -> ResponseReturnValue:
    """Declare to have no conflict of interest in the case, and go on to its file."""
    form = Form(declaring.Declare)
    if form.submitted():
        with form.refusing():
            with unit_of_work() as session:
                declaring.declare_no_conflict(session, current_actor(), id, form.value)
            leave_notice(N_("Pernyataan Anda dicatat; berkas terbuka bagi Anda."))
            return redirect_to("pages.show_dossier", id=id)
    return _render_declaration(id, form)


@pages.get("/cases/<uuid:id>/dossier.pdf")
@allow(HEARERS)
def show_dossier_paper(id: UUID) -> ResponseReturnValue:
    """The same as one PDF, for download."""
    query = read_query(WhichAttempt)
    name, data = dossier_paper.load_dossier_paper(current_database(), current_actor(), id, query.attempt)
    return make_download(data, name, "application/pdf")


def _render_declaration(id: UUID, form: Form[Any], status: int | None = None) -> ResponseReturnValue:
    with reading() as session:
        case = loading.load_case(session, id)
        require_seat_on_case(session, current_actor(), case)
        return render_page("decision/declaration.html", status=status, form=form, case=case)
