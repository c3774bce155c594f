"""Appeals before their panel (process 2.10; R7, R9, R10)."""

from services.decision.access import APPEAL_OVERSEERS, APPEAL_READERS, HEARERS, NAMERS
from services.decision.api.blueprint import api
from services.decision.api.officers import People
from services.decision.commands import looking
from services.decision.commands import panels as commands
from services.decision.queries import appeals
from services.decision.queries.panels import list_panel_candidates
from services.decision.queries.views import AppealSummary, AppealView, PersonView
from shared.web import ById, Page, PageQuery, allow, current_actor, reading, unit_of_work


@api.get("/appeals", responses={200: Page[AppealSummary]})
@allow(APPEAL_OVERSEERS)
def get_appeals(query: PageQuery) -> Page[AppealSummary]:
    """Appeals, longest waiting first; `status` filters by state."""
    with reading() as session:
        return appeals.list_appeals(session, query)


@api.get("/appeals/<uuid:id>", responses={200: AppealView})
@allow(APPEAL_READERS)
def get_appeal(path: ById) -> AppealView:
    """One appeal with its file, its votes and earlier similar outcomes; to outsiders it is not found."""
    with unit_of_work() as session:
        return looking.open_appeal(session, current_actor(), path.id)


@api.get("/appeals/<uuid:id>/candidates", responses={200: People})
@allow(NAMERS)
def get_panel_candidates(path: ById) -> People:
    """Who may be named for this appeal's panel (R7)."""
    with reading() as session:
        rows = list_panel_candidates(session, appeals.find_visible_appeal(session, current_actor(), path.id))
        return People(items=[PersonView.model_validate(row, from_attributes=True) for row in rows])


@api.post("/appeals/<uuid:id>/panel", responses={200: AppealView})
@allow(NAMERS)
def post_panel(path: ById, body: commands.NamePanel) -> AppealView:
    """Name three who had no part in the case; refused with who and why (R7)."""
    with unit_of_work() as session:
        commands.name_panel(session, current_actor(), path.id, body)
        session.flush()
        return looking.open_appeal(session, current_actor(), path.id)


@api.post("/appeals/<uuid:id>/step-down", responses={204: None})
@allow(HEARERS)
def post_step_down(path: ById, body: commands.StepDown) -> None:
    """A panel member has a conflict; the seat is free for another."""
    with unit_of_work() as session:
        commands.step_down_from_panel(session, current_actor(), path.id, body)


@api.post("/appeals/<uuid:id>/votes", responses={200: AppealView})
@allow(HEARERS)
def post_vote(path: ById, body: commands.CastVote) -> AppealView:
    """The asking panel member's vote, with reasons."""
    with unit_of_work() as session:
        commands.cast_vote(session, current_actor(), path.id, body)
        session.flush()
        return looking.open_appeal(session, current_actor(), path.id)


@api.post("/appeals/<uuid:id>/outcome", responses={200: AppealView})
@allow(HEARERS)
def post_appeal_outcome(path: ById, body: commands.Conclude) -> AppealView:
    """State the outcome the votes came to, with reasons: the formal end (R9)."""
    with unit_of_work() as session:
        commands.conclude_appeal(session, current_actor(), path.id, body)
        session.flush()
        return looking.open_appeal(session, current_actor(), path.id)
