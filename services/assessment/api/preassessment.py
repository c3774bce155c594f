"""The pre-assessment over HTTP (process 2.6)."""

from services.assessment.access import ASSESSORS, ASSESSORS_AND_PLANNERS, CANDIDATES
from services.assessment.api.blueprint import api, view_changed_case
from services.assessment.commands import preassessment as commands
from services.assessment.commands.inputs import Reason
from services.assessment.commands.preassessment import Appointment, Findings, Return
from services.assessment.queries.views import CaseView
from shared.web import ById, allow, current_actor, unit_of_work


@api.post("/cases/<uuid:id>/appointment", responses={200: CaseView})
@allow(ASSESSORS_AND_PLANNERS)
def post_pre_assessment_appointment(path: ById, body: Appointment) -> CaseView:
    """Make or move the pre-assessment appointment."""
    with unit_of_work() as session:
        commands.schedule_pre_assessment(session, current_actor(), path.id, body)
        return view_changed_case(session, path.id)


@api.put("/cases/<uuid:id>/findings", responses={200: CaseView})
@allow(ASSESSORS)
def put_findings(path: ById, body: Findings) -> CaseView:
    """Keep a draft; it may be incomplete."""
    with unit_of_work() as session:
        commands.draft_plan(session, current_actor(), path.id, body)
        return view_changed_case(session, path.id)


@api.post("/cases/<uuid:id>/plan", responses={200: CaseView})
@allow(ASSESSORS)
def post_plan(path: ById, body: Findings) -> CaseView:
    """Recommend to continue on this plan; the candidate is asked to agree."""
    with unit_of_work() as session:
        commands.propose_plan(session, current_actor(), path.id, body)
        return view_changed_case(session, path.id)


@api.post("/cases/<uuid:id>/return", responses={200: CaseView})
@allow(ASSESSORS)
def post_case_return(path: ById, body: Return) -> CaseView:
    """Do not recommend to continue: form and documents go back with reasons."""
    with unit_of_work() as session:
        commands.return_case(session, current_actor(), path.id, body)
        return view_changed_case(session, path.id)


@api.post("/cases/<uuid:id>/agreement", responses={200: CaseView})
@allow(CANDIDATES)
def post_plan_agreement(path: ById) -> CaseView:
    """The candidate agrees (FR.AK.01)."""
    with unit_of_work() as session:
        commands.agree_to_plan(session, current_actor(), path.id)
        return view_changed_case(session, path.id)


@api.post("/cases/<uuid:id>/disagreement", responses={200: CaseView})
@allow(CANDIDATES)
def post_plan_disagreement(path: ById, body: Reason) -> CaseView:
    """The candidate does not agree to the plan and says why; the assessor draws another (process 2.6)."""
    with unit_of_work() as session:
        commands.decline_plan(session, current_actor(), path.id, body)
        return view_changed_case(session, path.id)
