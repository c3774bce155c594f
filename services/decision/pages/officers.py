"""The five officers and the deputy, for everybody on the staff to see and the administrator to name (R13)."""

from typing import Any
from uuid import UUID

from flask.typing import ResponseReturnValue

from services.decision.access import OFFICE_KEEPERS, READERS_AND_OFFICE_KEEPERS
from services.decision.commands import officers as commands
from services.decision.pages.blueprint import pages
from services.decision.queries import officers as queries
from services.decision.words import OFFICE_NAMES
from shared import clock
from shared.errors import N_
from shared.security.roles import OFFICERS
from shared.web import (
    Form,
    allow,
    current_actor,
    gettext,
    leave_notice,
    reading,
    redirect_to,
    render_page,
    unit_of_work,
)


@pages.get("/officers")
@allow(READERS_AND_OFFICE_KEEPERS)
def show_officers() -> ResponseReturnValue:
    """Who holds and held which office (R13)."""
    return _officers_page()


@pages.post("/officers")
@allow(OFFICE_KEEPERS)
def submit_appointment() -> ResponseReturnValue:
    """Name an officer or the deputy for a time."""
    form = Form(commands.Appoint)
    if form.submitted():
        with form.refusing():
            with unit_of_work() as session:
                commands.appoint_officer(session, current_actor(), form.value)
            leave_notice(N_("Penunjukan dicatat."))
            return redirect_to("pages.show_officers")
    return _officers_page(form)


@pages.post("/officers/<uuid:id>/end")
@allow(OFFICE_KEEPERS)
def submit_term_end(id: UUID) -> ResponseReturnValue:
    """End a term early."""
    form = Form(commands.EndTerm)
    if form.submitted():
        with form.refusing():
            with unit_of_work() as session:
                commands.end_term(session, current_actor(), id, form.value)
            leave_notice(N_("Masa jabatan diakhiri."))
            return redirect_to("pages.show_officers")
    return _officers_page(form)


def _officers_page(form: Form[Any] | None = None) -> ResponseReturnValue:
    administers = current_actor().has(*OFFICE_KEEPERS)
    with reading() as session:
        terms = queries.list_appointments(session)
        people = queries.list_accounts_with_role(session, *OFFICERS) if administers else []
    return render_page(
        "decision/officers.html",
        form=form,
        appoint_form=form
        if form is not None and form.model is commands.Appoint
        else Form(commands.Appoint, values={"since": clock.today()}),
        terms=terms,
        today=clock.today(),
        administers=administers,
        people=[(str(row.id), row.name) for row in people],
        offices=[(code, gettext(name)) for code, name in OFFICE_NAMES.items()],
        office_names=OFFICE_NAMES,
    )
