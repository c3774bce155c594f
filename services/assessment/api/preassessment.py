"""The pre-assessment over HTTP (process 2.6)."""

from services.assessment.api.blueprint import api, seen
from services.assessment.commands import preassessment as commands
from services.assessment.commands.fields import Reason
from services.assessment.commands.preassessment import Appointment, Findings, Return
from services.assessment.domain.duties import ASSIGNS
from services.assessment.queries.views import CaseView
from shared.security.roles import Role
from shared.web import ById, allow, current_actor, unit_of_work


@api.post("/cases/<uuid:id>/appointment", responses={200: CaseView})
@allow(Role.ASSESSOR, ASSIGNS)
def make_appointment(path: ById, body: Appointment) -> CaseView:
    """Make or move the pre-assessment appointment."""
    with unit_of_work() as session:
        commands.appoint(session, current_actor(), path.id, body)
        return seen(session, path.id)


@api.put("/cases/<uuid:id>/findings", responses={200: CaseView})
@allow(Role.ASSESSOR)
def keep_findings(path: ById, body: Findings) -> CaseView:
    """Keep a draft; it may be incomplete."""
    with unit_of_work() as session:
        commands.draft(session, current_actor(), path.id, body)
        return seen(session, path.id)


@api.post("/cases/<uuid:id>/plan", responses={200: CaseView})
@allow(Role.ASSESSOR)
def propose_plan(path: ById, body: Findings) -> CaseView:
    """Recommend to continue on this plan; the candidate is asked to agree."""
    with unit_of_work() as session:
        commands.propose(session, current_actor(), path.id, body)
        return seen(session, path.id)


@api.post("/cases/<uuid:id>/return", responses={200: CaseView})
@allow(Role.ASSESSOR)
def return_to_candidate(path: ById, body: Return) -> CaseView:
    """Do not recommend to continue: form and documents go back with reasons."""
    with unit_of_work() as session:
        commands.send_back(session, current_actor(), path.id, body)
        return seen(session, path.id)


@api.post("/cases/<uuid:id>/agreement", responses={200: CaseView})
@allow(Role.APPLICANT)
def agree_to_plan(path: ById) -> CaseView:
    """The candidate agrees (FR.AK.01)."""
    with unit_of_work() as session:
        commands.agree(session, current_actor(), path.id)
        return seen(session, path.id)


@api.post("/cases/<uuid:id>/disagreement", responses={200: CaseView})
@allow(Role.APPLICANT)
def ask_for_another_plan(path: ById, body: Reason) -> CaseView:
    """The candidate does not agree to the plan and says why; the assessor draws another (process 2.6)."""
    with unit_of_work() as session:
        commands.disagree(session, current_actor(), path.id, body)
        return seen(session, path.id)
