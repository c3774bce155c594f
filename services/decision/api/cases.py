"""The cases, their decisions, and what became of an assessor's recommendations."""

from pydantic import BaseModel

from services.decision.access import ASSESSORS, READERS
from services.decision.api.blueprint import api
from services.decision.commands import looking
from services.decision.queries import cases
from services.decision.queries.views import CaseSummary, CaseView, RecommendationOutcome
from shared.web import (
    ById,
    Page,
    PageQuery,
    allow,
    current_actor,
    reading,
    unit_of_work,
)


class Outcomes(BaseModel):
    """What became of an assessor's own recommendations."""

    items: list[RecommendationOutcome]


class FrozenFile(BaseModel):
    """`file` is the canonical JSON, as text, whose SHA-256 is `sha256`."""

    decree_number: str
    sha256: str
    file: str


@api.get("/cases", responses={200: Page[CaseSummary]})
@allow(READERS)
def get_decision_cases(query: PageQuery) -> Page[CaseSummary]:
    """Cases, longest in their state first; `status` filters by state."""
    with reading() as session:
        return cases.list_decision_cases(session, query)


@api.get("/cases/<uuid:id>", responses={200: CaseView})
@allow(READERS)
def get_decision_case(path: ById) -> CaseView:
    """One case with its recommendations, recusals, opinions and decisions."""
    with unit_of_work() as session:
        return looking.open_decision_case(session, current_actor(), path.id)


@api.get("/decisions/<uuid:id>/file", responses={200: FrozenFile})
@allow(READERS)
def get_frozen_file(path: ById) -> FrozenFile:
    """The file a decision rests on, as it was frozen with it (R12)."""
    with unit_of_work() as session:
        row = looking.open_frozen_decision(session, current_actor(), path.id)
        return FrozenFile(decree_number=row.decree_number, sha256=row.file_hash, file=row.file)


@api.get("/recommendations", responses={200: Outcomes})
@allow(ASSESSORS)
def get_own_recommendations() -> Outcomes:
    """What became of the asking assessor's own recommendations; nothing of any appeal (R10)."""
    with reading() as session:
        return Outcomes(items=cases.list_recommendation_outcomes(session, current_actor()))
