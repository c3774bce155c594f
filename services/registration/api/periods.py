"""Certification periods: public to read, the secretariat's to announce (process 2.1)."""

from pydantic import BaseModel, Field

from services.registration.access import PERIOD_ANNOUNCERS
from services.registration.api.blueprint import api
from services.registration.commands import periods as commands
from services.registration.commands.periods import AnnouncePeriod
from services.registration.models import Period
from services.registration.queries import periods as queries
from services.registration.queries.views import PeriodView, describe_period
from shared import clock
from shared.schemes import shipped_schemes
from shared.web import ById, allow, current_actor, list_response, public, reading, unit_of_work


class PeriodQuery(BaseModel):
    """Which of the periods."""

    open: bool = Field(False, description="Only periods one can file in today.")


@api.get("/periods", responses={200: list_response(PeriodView)})
@public
def get_periods(query: PeriodQuery) -> list[PeriodView]:
    """Periods that are open or to come, with their quotas."""
    with reading() as session:
        return queries.list_announced_periods(session, open_only=query.open)


@api.post("/periods", responses={201: PeriodView})
@allow(PERIOD_ANNOUNCERS)
def post_period(body: AnnouncePeriod) -> tuple[PeriodView, int]:
    """Announce a period: schedule, place, quota per scheme."""
    with unit_of_work() as session:
        period = commands.announce_period(session, current_actor(), body)
        session.flush()
        return _view(period), 201


@api.put("/periods/<uuid:id>", responses={200: PeriodView})
@allow(PERIOD_ANNOUNCERS)
def put_period(path: ById, body: AnnouncePeriod) -> PeriodView:
    """Correct or extend a period; no quota below the places taken."""
    with unit_of_work() as session:
        period = commands.change_period(session, current_actor(), path.id, body)
        session.flush()
        return _view(period)


def _view(period: Period) -> PeriodView:
    return describe_period(period, clock.today(), {scheme.id: scheme.title.id for scheme in shipped_schemes().all()})
