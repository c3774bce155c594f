"""The five officers and the deputy, for everybody on the staff to see and two persons to name (R13)."""

from typing import Any
from uuid import UUID

from flask.typing import ResponseReturnValue

from services.decision.access import MEMBERS, OFFICE_KEEPERS, READERS_AND_OFFICE_KEEPERS
from services.decision.commands import officers as commands
from services.decision.domain.proposals import ProposalState
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
def submit_officer_proposal() -> ResponseReturnValue:
    """Propose an officer or the deputy for a time; an officer in office confirms it."""
    form = Form(commands.ProposeOfficer)
    if form.submitted():
        with form.refusing():
            with unit_of_work() as session:
                commands.propose_officer(session, current_actor(), form.value)
            leave_notice(N_("Usulan dicatat dan menunggu persetujuan pejabat yang menjabat."))
            return redirect_to("pages.show_officers")
    return _officers_page(form)


@pages.get("/officers/<uuid:id>/end")
@allow(OFFICE_KEEPERS)
def show_end_form(id: UUID) -> ResponseReturnValue:
    """The form by which the early end of a term is proposed."""
    return _end_page(id, Form(commands.ProposeEnd, values={"until": clock.today()}))


@pages.post("/officers/<uuid:id>/end")
@allow(OFFICE_KEEPERS)
def submit_end_proposal(id: UUID) -> ResponseReturnValue:
    """Propose that a term ends early."""
    form = Form(commands.ProposeEnd)
    if form.submitted():
        with form.refusing():
            with unit_of_work() as session:
                commands.propose_end(session, current_actor(), id, form.value)
            leave_notice(N_("Usulan dicatat dan menunggu persetujuan pejabat yang menjabat."))
            return redirect_to("pages.show_officers")
    return _end_page(id, form)


@pages.post("/officers/proposals/<uuid:id>/confirm")
@allow(MEMBERS)
def submit_proposal_confirmation(id: UUID) -> ResponseReturnValue:
    """Confirm a proposal as the second person."""
    with unit_of_work() as session:
        commands.confirm_proposal(session, current_actor(), id)
    leave_notice(N_("Usulan disetujui dan berlaku."))
    return redirect_to("pages.show_officers")


@pages.get("/officers/proposals/<uuid:id>/refuse")
@allow(MEMBERS)
def show_refusal_form(id: UUID) -> ResponseReturnValue:
    """The form by which a proposal is refused with a reason."""
    return _refusal_page(id, Form(commands.RefuseProposal))


@pages.post("/officers/proposals/<uuid:id>/refuse")
@allow(MEMBERS)
def submit_proposal_refusal(id: UUID) -> ResponseReturnValue:
    """Refuse a proposal with a reason."""
    form = Form(commands.RefuseProposal)
    if form.submitted():
        with form.refusing():
            with unit_of_work() as session:
                commands.refuse_proposal(session, current_actor(), id, form.value)
            leave_notice(N_("Usulan ditolak; pengusul dan yang bersangkutan diberi tahu."))
            return redirect_to("pages.show_officers")
    return _refusal_page(id, form)


@pages.post("/officers/proposals/<uuid:id>/withdraw")
@allow(OFFICE_KEEPERS)
def submit_proposal_withdrawal(id: UUID) -> ResponseReturnValue:
    """Withdraw one's own proposal."""
    with unit_of_work() as session:
        commands.withdraw_proposal(session, current_actor(), id)
    leave_notice(N_("Usulan ditarik."))
    return redirect_to("pages.show_officers")


def _end_page(id: UUID, form: Form[Any]) -> ResponseReturnValue:
    with reading() as session:
        term = queries.load_appointment(session, id)
    return render_page("decision/end_officer.html", form=form, term=term, office_names=OFFICE_NAMES)


def _refusal_page(id: UUID, form: Form[Any]) -> ResponseReturnValue:
    with reading() as session:
        proposal = queries.view_proposal(session, queries.load_proposal(session, id), current_actor())
    return render_page("decision/refuse_officer.html", form=form, proposal=proposal, office_names=OFFICE_NAMES)


def _officers_page(form: Form[Any] | None = None) -> ResponseReturnValue:
    actor = current_actor()
    administers = actor.has(*OFFICE_KEEPERS)
    with reading() as session:
        terms = queries.list_appointments(session)
        proposals = [queries.view_proposal(session, row, actor) for row in queries.list_proposals(session)]
        people = queries.list_accounts_with_role(session, *OFFICERS) if administers else []
    return render_page(
        "decision/officers.html",
        form=form or Form(commands.ProposeOfficer, values={"since": clock.today()}),
        terms=terms,
        waiting=[one for one in proposals if one.state == ProposalState.OPEN],
        answered=[one for one in proposals if one.state != ProposalState.OPEN],
        today=clock.today(),
        administers=administers,
        people=[(str(row.id), row.name) for row in people],
        offices=[(code, gettext(name)) for code, name in OFFICE_NAMES.items()],
        office_names=OFFICE_NAMES,
    )
