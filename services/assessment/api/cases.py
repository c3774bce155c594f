"""Cases over HTTP: lists, one case, its assessor."""

from pydantic import BaseModel, Field

from services.assessment.access import ASSESSORS, PLANNERS, READERS, READERS_AND_PARTIES
from services.assessment.api.blueprint import api, view_changed_case
from services.assessment.commands import assignment as commands
from services.assessment.commands.assignment import Assign, Declare
from services.assessment.commands.inputs import Day, Reason
from services.assessment.commands.looking import open_case
from services.assessment.queries import cases as queries
from services.assessment.queries import registers, work
from services.assessment.queries.cases import CaseQuery
from services.assessment.queries.views import CaseLine, CaseView, ChoiceView, HistoryLine, WorkView
from shared.web import ById, Page, allow, current_actor, list_response, reading, signed_in, unit_of_work


class OnDay(BaseModel):
    """The day a choice of assessors is asked for."""

    on: Day | None = Field(None, description="The day the assessment is meant for; today where nothing is said.")


@api.get("/work", responses={200: WorkView})
@signed_in
def get_assessment_work() -> WorkView:
    """The work lists of whoever asks."""
    with reading() as session:
        return work.view_assessment_work(session, current_actor())


@api.get("/cases", responses={200: Page[CaseLine]})
@allow(READERS)
def get_assessment_cases(query: CaseQuery) -> Page[CaseLine]:
    """Cases, newest first, as far as the asker may see them."""
    with reading() as session:
        return queries.list_cases(session, query)


@api.get("/cases/<uuid:id>", responses={200: CaseView})
@allow(READERS_AND_PARTIES)
def get_assessment_case(path: ById) -> CaseView:
    """As much of the case as its reader may see; somebody else's answers 404."""
    with unit_of_work() as session:
        return open_case(session, current_actor(), path.id)


@api.get("/cases/<uuid:id>/history", responses={200: list_response(HistoryLine)})
@allow(READERS)
def get_case_history(path: ById) -> list[HistoryLine]:
    """Every act on the case, oldest first (R26)."""
    with unit_of_work() as session:
        open_case(session, current_actor(), path.id)
        return queries.list_case_history(session, current_actor(), path.id)


@api.get("/cases/<uuid:id>/assessors", responses={200: list_response(ChoiceView)})
@allow(PLANNERS)
def get_assessor_choices(path: ById, query: OnDay) -> list[ChoiceView]:
    """Registered assessors with what keeps each from this case; those without obstacles first."""
    with reading() as session:
        return registers.list_assessor_choices(session, current_actor(), path.id, query.on)


@api.post("/cases/<uuid:id>/assign", responses={200: CaseView})
@allow(PLANNERS)
def post_assignment(path: ById, body: Assign) -> CaseView:
    """Give the case to an assessor whom nothing keeps from it (R3, R5)."""
    with unit_of_work() as session:
        commands.assign_assessor(session, current_actor(), path.id, body)
        return view_changed_case(session, path.id)


@api.post("/cases/<uuid:id>/release", responses={200: CaseView})
@allow(PLANNERS)
def post_assessor_release(path: ById, body: Reason) -> CaseView:
    """Take the case from its assessor, with the reason; another one is assigned then."""
    with unit_of_work() as session:
        commands.release_assessor(session, current_actor(), path.id, body)
        return view_changed_case(session, path.id)


class DeclarationView(BaseModel):
    """`cleared` is false when the declaration blocks the assignment; then there is no case to see any more."""

    cleared: bool
    case: CaseView | None


@api.post("/cases/<uuid:id>/declaration", responses={200: DeclarationView})
@allow(ASSESSORS)
def post_impartiality_declaration(path: ById, body: Declare) -> DeclarationView:
    """Declare impartiality, or a conflict: that blocks the assignment (R4)."""
    with unit_of_work() as session:
        case = commands.declare_impartiality(session, current_actor(), path.id, body)
        if case.assessor_id is None:
            return DeclarationView(cleared=False, case=None)
        return DeclarationView(cleared=True, case=view_changed_case(session, path.id))
