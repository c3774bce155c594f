"""The blueprint that every part of assessment's pages adds its views to."""

from uuid import UUID

from werkzeug.wrappers import Response

from services.assessment.access import ASSESSOR_KEEPERS, CENTRE_KEEPERS, READERS
from services.assessment.queries import cases
from services.assessment.queries.views import CaseView
from shared.errors import N_
from shared.security.roles import Role
from shared.web import Pages, Place, current_actor, leave_notice, reading, redirect_to

pages = Pages("assessment", __name__)

MENU = (
    Place("/assessment/", N_("Daftar kerja"), READERS | {Role.ASSESSOR}),
    Place("/assessment/cases", N_("Semua kasus"), READERS),
    Place("/assessment/sittings", N_("Jadwal sesi"), READERS | {Role.ASSESSOR}),
    Place("/assessment/assessors", N_("Asesor"), READERS | ASSESSOR_KEEPERS),
    Place("/assessment/centres", N_("TUK"), READERS | CENTRE_KEEPERS),
)


def view_shown_case(case_id: UUID) -> CaseView:
    """The case as the asker may see it, read in a transaction of its own. Raises NotFound `case-unknown`."""
    with reading() as session:
        return cases.view_case(session, current_actor(), case_id)


def go_to_case(message: str, case_id: UUID) -> Response:
    """The answer to a finished act: a redirect to the page of the case, which shows `message` there."""
    leave_notice(message)
    return redirect_to("pages.show_assessment_case", id=case_id)
