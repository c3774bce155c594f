"""The day itself over HTTP (process 2.7, 2.8). Nothing here decides (R2)."""

from services.assessment.api.blueprint import api, seen
from services.assessment.commands import theday as commands
from services.assessment.commands.theday import Confirm, Recommend, Record
from services.assessment.queries.views import CaseView
from shared.security.roles import Role
from shared.web import ById, allow, current_actor, unit_of_work


@api.post("/cases/<uuid:id>/confirmation", responses={200: CaseView})
@allow(Role.ASSESSOR)
def confirm_readiness(path: ById, body: Confirm) -> CaseView:
    """The assessor confirms that the candidate is ready, with the paper file ticked off."""
    with unit_of_work() as session:
        commands.confirm(session, current_actor(), path.id, body)
        return seen(session, path.id)


@api.post("/cases/<uuid:id>/readiness", responses={200: CaseView})
@allow(Role.APPLICANT)
def declare_readiness(path: ById) -> CaseView:
    """The candidate declares readiness."""
    with unit_of_work() as session:
        commands.be_ready(session, current_actor(), path.id)
        return seen(session, path.id)


@api.put("/cases/<uuid:id>/record", responses={200: CaseView})
@allow(Role.ASSESSOR)
def write_record(path: ById, body: Record) -> CaseView:
    """Note K or BK per unit and method (FR.AK.02); may be done bit by bit."""
    with unit_of_work() as session:
        commands.write_record(session, current_actor(), path.id, body)
        return seen(session, path.id)


@api.post("/cases/<uuid:id>/recommendation", responses={200: CaseView})
@allow(Role.ASSESSOR)
def recommend(path: ById, body: Recommend) -> CaseView:
    """Recommend K or BK per unit to the decision meeting (process 2.8)."""
    with unit_of_work() as session:
        commands.recommend(session, current_actor(), path.id, body)
        return seen(session, path.id)
