"""FR-APL-01 over JSON: the applicant's own applications (process 2.2)."""

from pydantic import BaseModel

from services.registration.access import APPLICANTS
from services.registration.api.blueprint import api
from services.registration.commands import applications as commands
from services.registration.commands import filing
from services.registration.commands.applications import SaveDraft, StartApplication
from services.registration.commands.filing import FileApplication
from services.registration.domain.form import Lines
from services.registration.domain.workflow import State
from services.registration.queries import applications as queries
from services.registration.queries.views import ApplicationLine, ApplicationView, RenewableView
from shared.web import ById, allow, current_actor, gettext, list_response, reading, unit_of_work


class Withdraw(BaseModel):
    """Why the application is withdrawn; may be empty."""

    reason: Lines = ""


class Filed(BaseModel):
    """That it was filed: `path` is the admission path met, `round` counts filings from 1."""

    id: str
    version: int
    state: State
    round: int
    path: str | None
    scheme_version: str


@api.get("/applications", responses={200: list_response(ApplicationLine)})
@allow(APPLICANTS)
def get_own_applications() -> list[ApplicationLine]:
    """One's own applications, the newest first, each with where it stands and what happens next."""
    with reading() as session:
        return queries.list_own_applications(session, current_actor(), gettext)


@api.post("/applications", responses={201: ApplicationView})
@allow(APPLICANTS)
def post_application(body: StartApplication) -> tuple[ApplicationView, int]:
    """Begin a draft for a scheme, or with `renews` to renew a certificate, filled from the earlier file.

    409 names in `details` what holds the person's one place in the scheme: `application_id` or `certificate`.
    """
    with unit_of_work() as session:
        return queries.describe_application(
            session, commands.start_application(session, current_actor(), body), gettext
        ), 201


@api.get("/applications/<uuid:id>", responses={200: ApplicationView})
@allow(APPLICANTS)
def get_own_application(path: ById) -> ApplicationView:
    """One's own application: form, admission paths, problems that stand against filing, documents, timeline."""
    with reading() as session:
        return queries.view_own_application(session, current_actor(), path.id, gettext)


@api.put("/applications/<uuid:id>", responses={200: ApplicationView})
@allow(APPLICANTS)
def put_application(path: ById, body: SaveDraft) -> ApplicationView:
    """Keep the whole form as far as it is filled; what is not sent is empty from then on."""
    with unit_of_work() as session:
        return queries.describe_application(
            session, commands.save_application(session, current_actor(), path.id, body), gettext
        )


@api.post("/applications/<uuid:id>/requirements-shown", responses={200: ApplicationView})
@allow(APPLICANTS)
def post_requirements_shown(path: ById) -> ApplicationView:
    """Record that requirements, process, rights and duties were shown (R20)."""
    with unit_of_work() as session:
        return queries.describe_application(
            session, commands.record_requirements_shown(session, current_actor(), path.id), gettext
        )


@api.post("/applications/<uuid:id>/file", responses={200: Filed})
@allow(APPLICANTS)
def post_filing(path: ById, body: FileApplication) -> Filed:
    """File it, signed. 422 names fields, or in `details.paths` what is missing for each admission path."""
    with unit_of_work() as session:
        application = filing.file_application(session, current_actor(), path.id, body)
        return Filed(
            id=str(application.id),
            version=application.version,
            state=application.state,
            round=application.round,
            path=application.path,
            scheme_version=application.scheme_version,
        )


@api.post("/applications/<uuid:id>/withdraw", responses={200: ApplicationView})
@allow(APPLICANTS)
def post_withdrawal_of_application(path: ById, body: Withdraw) -> ApplicationView:
    """Take the application back; no longer possible once it is decided."""
    with unit_of_work() as session:
        return queries.describe_application(
            session, commands.withdraw_application(session, current_actor(), path.id, body.reason), gettext
        )


@api.get("/renewals", responses={200: list_response(RenewableView)})
@allow(APPLICANTS)
def get_renewable_certificates() -> list[RenewableView]:
    """One's own certificates in force, and from when on each can be renewed (process 2.12)."""
    with reading() as session:
        return queries.list_renewable_certificates(session, current_actor())
