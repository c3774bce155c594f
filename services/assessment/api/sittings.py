"""Sittings over HTTP (process 2.7)."""

from services.assessment.access import ASSESSORS, ASSESSORS_AND_PLANNERS, PLANNERS, SITTING_READERS
from services.assessment.api.blueprint import api, view_changed_case
from services.assessment.commands import sittings as commands
from services.assessment.commands.inputs import Reason
from services.assessment.commands.sittings import PlanSitting, Seat
from services.assessment.commands.theday import Report, report_sitting
from services.assessment.queries import sittings as queries
from services.assessment.queries.sittings import SittingQuery
from services.assessment.queries.views import CaseView, SittingLine, SittingView
from shared.web import ById, Page, allow, current_actor, reading, unit_of_work


@api.get("/sittings", responses={200: Page[SittingLine]})
@allow(SITTING_READERS)
def get_sittings(query: SittingQuery) -> Page[SittingLine]:
    """From today on, or between the days asked for; an assessor sees his or her own."""
    with reading() as session:
        return queries.list_sittings(session, current_actor(), query)


@api.post("/sittings", responses={201: SittingView})
@allow(PLANNERS)
def post_sitting(body: PlanSitting) -> tuple[SittingView, int]:
    """Plan a sitting at a centre that is verified for it on the day (R6)."""
    with unit_of_work() as session:
        sitting = commands.plan_sitting(session, current_actor(), body)
        session.flush()
        return queries.view_sitting(session, current_actor(), sitting.id), 201


@api.get("/sittings/<uuid:id>", responses={200: SittingView})
@allow(SITTING_READERS)
def get_sitting(path: ById) -> SittingView:
    """One sitting with who is seated in it."""
    with reading() as session:
        return queries.view_sitting(session, current_actor(), path.id)


@api.put("/sittings/<uuid:id>", responses={200: SittingView})
@allow(PLANNERS)
def put_sitting(path: ById, body: PlanSitting) -> SittingView:
    """Another time or place; everybody seated is told again."""
    with unit_of_work() as session:
        commands.move_sitting(session, current_actor(), path.id, body)
        session.flush()
        return queries.view_sitting(session, current_actor(), path.id)


@api.post("/sittings/<uuid:id>/cancellation", responses={200: SittingView})
@allow(PLANNERS)
def post_sitting_cancellation(path: ById, body: Reason) -> SittingView:
    """Cancel a sitting, with the reason; its candidates wait for another one."""
    with unit_of_work() as session:
        commands.cancel_sitting(session, current_actor(), path.id, body)
        session.flush()
        return queries.view_sitting(session, current_actor(), path.id)


@api.post("/sittings/<uuid:id>/cases", responses={200: SittingView})
@allow(PLANNERS)
def post_seats(path: ById, body: Seat) -> SittingView:
    """Seat these cases, all or none; place, day and assessor are announced to each candidate."""
    with unit_of_work() as session:
        commands.seat_cases(session, current_actor(), path.id, body)
        session.flush()
        return queries.view_sitting(session, current_actor(), path.id)


@api.put("/sittings/<uuid:id>/report", responses={200: SittingView})
@allow(ASSESSORS)
def put_sitting_report(path: ById, body: Report) -> SittingView:
    """The assessor's report of the sitting (FR.AK.05)."""
    with unit_of_work() as session:
        report_sitting(session, current_actor(), path.id, body)
        session.flush()
        return queries.view_sitting(session, current_actor(), path.id)


@api.post("/cases/<uuid:id>/postponement", responses={200: CaseView})
@allow(ASSESSORS_AND_PLANNERS)
def post_postponement(path: ById, body: Reason) -> CaseView:
    """The day does not hold for this candidate: another sitting is needed."""
    with unit_of_work() as session:
        commands.postpone_case(session, current_actor(), path.id, body)
        return view_changed_case(session, path.id)
