"""The five officers, the deputy, and what waits for whoever asks."""

from pydantic import BaseModel

from services.decision.access import OFFICE_KEEPERS, READERS_AND_OFFICE_KEEPERS
from services.decision.api.blueprint import api
from services.decision.commands import officers as commands
from services.decision.queries import officers, work
from services.decision.queries.views import AppointmentView, PersonView
from shared.security.roles import OFFICERS
from shared.web import ById, allow, current_actor, reading, signed_in, unit_of_work


class Appointments(BaseModel):
    """Who held and holds which office."""

    items: list[AppointmentView]


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


@api.post("/appointments", responses={201: AppointmentView})
@allow(OFFICE_KEEPERS)
def post_appointment(body: commands.Appoint) -> tuple[AppointmentView, int]:
    """Name an officer, or the deputy, for a time (R13)."""
    with unit_of_work() as session:
        row = commands.appoint_officer(session, current_actor(), body)
        return AppointmentView.model_validate(row, from_attributes=True), 201


@api.post("/appointments/<uuid:id>/end", responses={200: AppointmentView})
@allow(OFFICE_KEEPERS)
def post_term_end(path: ById, body: commands.EndTerm) -> AppointmentView:
    """End a term early."""
    with unit_of_work() as session:
        row = commands.end_term(session, current_actor(), path.id, body)
        return AppointmentView.model_validate(row, from_attributes=True)
