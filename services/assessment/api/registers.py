"""The registers of assessors and TUK over HTTP."""

from services.assessment.access import ASSESSOR_KEEPERS, CENTRE_KEEPERS, READERS
from services.assessment.api.blueprint import api
from services.assessment.commands import registers as commands
from services.assessment.commands.registers import AssessorDetails, CentreDetails, RegisterAssessor
from services.assessment.queries import registers as queries
from services.assessment.queries.registers import RegisterQuery
from services.assessment.queries.views import AccountView, AssessorView, CentreView
from shared.web import ById, Page, allow, current_actor, list_response, reading, unit_of_work


@api.get("/accounts", responses={200: list_response(AccountView)})
@allow(ASSESSOR_KEEPERS)
def get_unregistered_accounts() -> list[AccountView]:
    """Accounts with the role of an assessor that are not in the register yet."""
    with reading() as session:
        return queries.list_unregistered_accounts(session)


@api.get("/assessors", responses={200: Page[AssessorView]})
@allow(READERS)
def get_assessors(query: RegisterQuery) -> Page[AssessorView]:
    """The register of assessors."""
    with reading() as session:
        return queries.list_assessors(session, query)


@api.post("/assessors", responses={201: AssessorView})
@allow(ASSESSOR_KEEPERS)
def post_assessor(body: RegisterAssessor) -> tuple[AssessorView, int]:
    """Enter an assessor with MET number, its expiry and the schemes it covers (R5)."""
    with unit_of_work() as session:
        return queries.describe_assessor(commands.register_assessor(session, current_actor(), body)), 201


@api.get("/assessors/<uuid:id>", responses={200: AssessorView})
@allow(READERS)
def get_assessor(path: ById) -> AssessorView:
    """One assessor of the register."""
    with reading() as session:
        return queries.view_assessor(session, path.id)


@api.put("/assessors/<uuid:id>", responses={200: AssessorView})
@allow(ASSESSOR_KEEPERS)
def put_assessor(path: ById, body: AssessorDetails) -> AssessorView:
    """Change an entry of the register of assessors."""
    with unit_of_work() as session:
        return queries.describe_assessor(commands.change_assessor(session, current_actor(), path.id, body))


@api.get("/centres", responses={200: Page[CentreView]})
@allow(READERS)
def get_centres(query: RegisterQuery) -> Page[CentreView]:
    """The assessment centres (TUK)."""
    with reading() as session:
        return queries.list_centres(session, query)


@api.post("/centres", responses={201: CentreView})
@allow(CENTRE_KEEPERS)
def post_centre(body: CentreDetails) -> tuple[CentreView, int]:
    """Enter an assessment centre with its verification and schemes (R6)."""
    with unit_of_work() as session:
        return queries.describe_centre(commands.add_centre(session, current_actor(), body)), 201


@api.get("/centres/<uuid:id>", responses={200: CentreView})
@allow(READERS)
def get_centre(path: ById) -> CentreView:
    """One assessment centre."""
    with reading() as session:
        return queries.view_centre(session, path.id)


@api.put("/centres/<uuid:id>", responses={200: CentreView})
@allow(CENTRE_KEEPERS)
def put_centre(path: ById, body: CentreDetails) -> CentreView:
    """Change an assessment centre."""
    with unit_of_work() as session:
        return queries.describe_centre(commands.change_centre(session, current_actor(), path.id, body))
