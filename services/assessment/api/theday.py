"""The day itself over HTTP (process 2.7, 2.8). Nothing here decides (R2)."""

from services.assessment.access import ASSESSORS, CANDIDATES
from services.assessment.api.blueprint import api, view_changed_case
from services.assessment.commands import theday as commands
from services.assessment.commands.theday import Confirm, Recommend, Record
from services.assessment.queries.views import CaseView
from shared.web import ById, allow, current_actor, unit_of_work


@api.post("/cases/<uuid:id>/confirmation", responses={200: CaseView})
@allow(ASSESSORS)
def post_readiness_confirmation(path: ById, body: Confirm) -> CaseView:
    """The assessor confirms that the candidate is ready, with the paper file ticked off."""
    with unit_of_work() as session:
        commands.confirm_readiness(session, current_actor(), path.id, body)
        return view_changed_case(session, path.id)


@api.post("/cases/<uuid:id>/readiness", responses={200: CaseView})
@allow(CANDIDATES)
def post_readiness(path: ById) -> CaseView:
    """The candidate declares readiness."""
    with unit_of_work() as session:
        commands.declare_readiness(session, current_actor(), path.id)
        return view_changed_case(session, path.id)


@api.put("/cases/<uuid:id>/record", responses={200: CaseView})
@allow(ASSESSORS)
def put_day_record(path: ById, body: Record) -> CaseView:
    """Note K or BK per unit and method (FR.AK.02); may be done bit by bit."""
    with unit_of_work() as session:
        commands.write_day_record(session, current_actor(), path.id, body)
        return view_changed_case(session, path.id)


@api.post("/cases/<uuid:id>/recommendation", responses={200: CaseView})
@allow(ASSESSORS)
def post_recommendation(path: ById, body: Recommend) -> CaseView:
    """Recommend K or BK per unit to the decision meeting (process 2.8)."""
    with unit_of_work() as session:
        commands.recommend_judgements(session, current_actor(), path.id, body)
        return view_changed_case(session, path.id)
