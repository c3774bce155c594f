"""FR-APL-02 over JSON (process 2.5)."""

from typing import Annotated

from pydantic import BaseModel, Field

from services.registration.access import APPLICANTS
from services.registration.api.blueprint import api
from services.registration.commands import self_assessment as commands
from services.registration.commands.self_assessment import SubmitSelfAssessment
from services.registration.domain.form import Version
from services.registration.domain.self_assessment import Claim
from services.registration.queries import self_assessment as queries
from services.registration.queries.views import SelfAssessmentView
from shared.web import ById, allow, current_actor, reading, unit_of_work


class SaveClaims(BaseModel):
    """Elements that are not sent are empty from then on."""

    claims: Annotated[list[Claim], Field(max_length=500)]
    version: Version = None


@api.get("/applications/<uuid:id>/self-assessment", responses={200: SelfAssessmentView})
@allow(APPLICANTS)
def get_self_assessment(path: ById) -> SelfAssessmentView:
    """One claim per element of the scheme, in its order, and the documents that can show them."""
    with reading() as session:
        return queries.view_own_self_assessment(session, current_actor(), path.id)


@api.put("/applications/<uuid:id>/self-assessment", responses={200: SelfAssessmentView})
@allow(APPLICANTS)
def put_self_assessment(path: ById, body: SaveClaims) -> SelfAssessmentView:
    """Keep FR-APL-02 as far as it is filled."""
    with unit_of_work() as session:
        application = commands.save_self_assessment(session, current_actor(), path.id, body.claims, body.version)
        return queries.describe_self_assessment(session, application)


@api.post("/applications/<uuid:id>/self-assessment/submit", responses={200: SelfAssessmentView})
@allow(APPLICANTS)
def post_self_assessment_submission(path: ById, body: SubmitSelfAssessment) -> SelfAssessmentView:
    """Send the whole file in, signed: every element judged, every K with evidence."""
    with unit_of_work() as session:
        return queries.describe_self_assessment(
            session, commands.submit_self_assessment(session, current_actor(), path.id, body)
        )
