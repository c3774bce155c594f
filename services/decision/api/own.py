"""A candidate's own decisions, and the appeal against one (process 2.10)."""

from pydantic import BaseModel

from services.decision.access import CANDIDATES
from services.decision.api.blueprint import api
from services.decision.commands import appeals as commands
from services.decision.commands import reassessments
from services.decision.queries import cases
from services.decision.queries.own_views import OwnCase
from shared.web import ById, allow, current_actor, reading, unit_of_work


class OwnCases(BaseModel):
    """The asking candidate's cases."""

    items: list[OwnCase]


@api.get("/my/cases", responses={200: OwnCases})
@allow(CANDIDATES)
def get_own_decision_cases() -> OwnCases:
    """The asking candidate's cases, latest first, with decisions and appeals."""
    with reading() as session:
        return OwnCases(items=cases.list_own_decision_cases(session, current_actor()))


@api.get("/my/cases/<uuid:id>", responses={200: OwnCase})
@allow(CANDIDATES)
def get_own_decision_case(path: ById) -> OwnCase:
    """One of the asking candidate's cases, by the application's id."""
    with reading() as session:
        return cases.view_own_decision_case(session, current_actor(), path.id)


@api.post("/my/cases/<uuid:id>/appeal", responses={201: OwnCase})
@allow(CANDIDATES)
def post_appeal(path: ById, body: commands.FileAppeal) -> tuple[OwnCase, int]:
    """Appeal against the BK decision that stands; receipt is acknowledged at once (R9)."""
    with unit_of_work() as session:
        commands.file_appeal(session, current_actor(), path.id, body)
        session.flush()
        return cases.view_own_decision_case(session, current_actor(), path.id), 201


@api.post("/my/cases/<uuid:id>/reassessment", responses={201: OwnCase})
@allow(CANDIDATES)
def post_reassessment_request(path: ById, body: reassessments.RequestReassessment) -> tuple[OwnCase, int]:
    """Accept the BK decision and ask for another try at BK units, 1st to 3rd (R28)."""
    with unit_of_work() as session:
        reassessments.request_reassessment(session, current_actor(), path.id, body)
        session.flush()
        return cases.view_own_decision_case(session, current_actor(), path.id), 201


@api.post("/my/cases/<uuid:id>/give-up", responses={200: OwnCase})
@allow(CANDIDATES)
def post_giving_up(path: ById) -> OwnCase:
    """Close one's own BK case: no re-assessment and no appeal any more, so that a new application can be made."""
    with unit_of_work() as session:
        reassessments.give_up_ways(session, current_actor(), path.id)
        session.flush()
        return cases.view_own_decision_case(session, current_actor(), path.id)
