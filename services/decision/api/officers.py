"""The five officers, the deputy, and what waits for whoever asks."""

from pydantic import BaseModel
from sqlalchemy.orm import Session

from services.decision.access import MEMBERS, OFFICE_KEEPERS, READERS_AND_OFFICE_KEEPERS
from services.decision.api.blueprint import api
from services.decision.commands import officers as commands
from services.decision.commands.terms import InstallOfficers, install_officers, require_trial
from services.decision.models import OfficerProposal
from services.decision.queries import officers, work
from services.decision.queries.officer_views import AppointmentView, ProposalView
from services.decision.queries.officers import view_proposal
from services.decision.queries.views import PersonView
from shared.security.roles import OFFICERS
from shared.web import ById, allow, current_actor, reading, signed_in, unit_of_work


class Appointments(BaseModel):
    """Who held and holds which office."""

    items: list[AppointmentView]


class Proposals(BaseModel):
    """What was proposed about the offices."""

    items: list[ProposalView]


class People(BaseModel):
    """Accounts that may be named."""

    items: list[PersonView]


class WorkList(BaseModel):
    """What waits for whoever asks."""

    items: list[work.Work]


@api.get("/work", responses={200: WorkList})
@signed_in
def get_decision_work() -> WorkList:
    """What waits for whoever asks."""
    with reading() as session:
        return WorkList(items=work.list_decision_work(session, current_actor()))


@api.get("/appointments", responses={200: Appointments})
@allow(READERS_AND_OFFICE_KEEPERS)
def get_appointments() -> Appointments:
    """Who held and holds which office, latest first."""
    with reading() as session:
        rows = officers.list_appointments(session)
        return Appointments(items=[AppointmentView.model_validate(row, from_attributes=True) for row in rows])


@api.get("/appointments/candidates", responses={200: People})
@allow(OFFICE_KEEPERS)
def get_office_candidates() -> People:
    """Active accounts that hold an officer's role."""
    with reading() as session:
        rows = officers.list_accounts_with_role(session, *OFFICERS)
        return People(items=[PersonView.model_validate(row, from_attributes=True) for row in rows])


@api.get("/appointments/proposals", responses={200: Proposals})
@allow(READERS_AND_OFFICE_KEEPERS)
def get_officer_proposals() -> Proposals:
    """What was proposed about the offices and what became of it, the waiting ones first."""
    with reading() as session:
        return Proposals(items=[_view(session, row) for row in officers.list_proposals(session)])


@api.post("/appointments/proposals", responses={201: ProposalView})
@allow(OFFICE_KEEPERS)
def post_officer_proposal(body: commands.ProposeOfficer) -> tuple[ProposalView, int]:
    """Propose an officer, or the deputy, for a time; an officer in office confirms it (R13)."""
    with unit_of_work() as session:
        return _view(session, commands.propose_officer(session, current_actor(), body)), 201


@api.post("/appointments/<uuid:id>/end-proposals", responses={201: ProposalView})
@allow(OFFICE_KEEPERS)
def post_end_proposal(path: ById, body: commands.ProposeEnd) -> tuple[ProposalView, int]:
    """Propose that a term ends early; an officer in office whom it does not concern confirms it."""
    with unit_of_work() as session:
        return _view(session, commands.propose_end(session, current_actor(), path.id, body)), 201


@api.post("/appointments/proposals/<uuid:id>/confirm", responses={200: ProposalView})
@allow(MEMBERS)
def post_proposal_confirmation(path: ById) -> ProposalView:
    """Confirm a proposal as the second person, an officer in office; from then on it counts."""
    with unit_of_work() as session:
        return _view(session, commands.confirm_proposal(session, current_actor(), path.id))


@api.post("/appointments/proposals/<uuid:id>/refuse", responses={200: ProposalView})
@allow(MEMBERS)
def post_proposal_refusal(path: ById, body: commands.RefuseProposal) -> ProposalView:
    """Refuse a proposal with a reason, as an officer in office."""
    with unit_of_work() as session:
        return _view(session, commands.refuse_proposal(session, current_actor(), path.id, body))


@api.post("/appointments/proposals/<uuid:id>/withdraw", responses={200: ProposalView})
@allow(OFFICE_KEEPERS)
def post_proposal_withdrawal(path: ById) -> ProposalView:
    """Withdraw one's own proposal."""
    with unit_of_work() as session:
        return _view(session, commands.withdraw_proposal(session, current_actor(), path.id))


@api.post("/trial/officers", responses={201: Appointments})
@allow(OFFICE_KEEPERS)
def post_trial_officers(body: InstallOfficers) -> tuple[Appointments, int]:
    """Record the first set of officers of a trial, as `kompeten officers install` does; refused unless it is one."""
    require_trial()
    with unit_of_work() as session:
        rows = install_officers(session, body)
        return Appointments(items=[AppointmentView.model_validate(row, from_attributes=True) for row in rows]), 201


def _view(session: Session, row: OfficerProposal) -> ProposalView:
    return view_proposal(session, row, current_actor())
