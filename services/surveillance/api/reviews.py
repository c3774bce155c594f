"""What reviewers do, and what the officers have yet to decide."""

from services.surveillance import commands, queries
from services.surveillance.access import READERS, REVIEWERS
from services.surveillance.api.blueprint import api
from services.surveillance.api.holders import History
from services.surveillance.commands import looking
from shared.web import ById, Page, PageQuery, allow, current_actor, reading, unit_of_work


@api.get("/reviews", responses={200: Page[queries.SurveillanceSummary]})
@allow(READERS)
def get_reviews(query: PageQuery) -> Page[queries.SurveillanceSummary]:
    """Reports that wait for a review, and holders past their time, longest waiting first."""
    with reading() as session:
        return queries.list_waiting_reviews(session, query)


@api.get("/proposals", responses={200: Page[queries.SurveillanceSummary]})
@allow(READERS)
def get_proposals(query: PageQuery) -> Page[queries.SurveillanceSummary]:
    """Suspensions and withdrawals that reviewers propose and the officers have yet to decide."""
    with reading() as session:
        return queries.list_proposals(session, query)


@api.post("/reports/<uuid:id>/review", responses={200: queries.SurveillanceView})
@allow(REVIEWERS)
def post_review(path: ById, body: commands.ReviewReport) -> queries.SurveillanceView:
    """Say what the report comes to. Suspension and withdrawal are proposed here and decided by the officers."""
    with unit_of_work() as session:
        commands.review_report(session, current_actor(), path.id, body)
        session.flush()
        return looking.open_report(session, current_actor(), path.id)[0]


@api.get("/holders/<uuid:id>/history", responses={200: History})
@allow(READERS)
def get_holder_history(path: ById) -> History:
    """How somebody's certificates followed each other."""
    with unit_of_work() as session:
        return History(chains=looking.open_history(session, current_actor(), path.id))
