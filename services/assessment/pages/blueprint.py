"""The blueprint that every part of assessment's pages adds its views to."""

from typing import Any
from uuid import UUID

from werkzeug.wrappers import Response

from services.assessment.access import READERS, SITTING_READERS
from services.assessment.commands.looking import note_case_look
from services.assessment.queries import cases
from services.assessment.queries.views import CaseView
from shared.errors import N_
from shared.web import Pages, Place, current_actor, leave_notice, noting_look, reading, redirect_to, render_page

pages = Pages("assessment", __name__)

MENU = (
    Place("/assessment/", N_("Daftar kerja"), frozenset(SITTING_READERS)),
    Place("/assessment/cases", N_("Semua kasus"), frozenset(READERS)),
    Place("/assessment/sittings", N_("Jadwal sesi"), frozenset(SITTING_READERS)),
    Place("/assessment/assessors", N_("Asesor"), frozenset(READERS)),
    Place("/assessment/centres", N_("TUK"), frozenset(READERS)),
)


def view_shown_case(case_id: UUID) -> CaseView:
    """The case as the asker may see it, read in a transaction of its own. Raises NotFound `case-unknown`.

    Nothing is noted: a page that shows more of it than name, scheme and assessor is answered by `render_noted_page`.
    """
    with reading() as session:
        return cases.view_case(session, current_actor(), case_id)


def render_noted_page(template: str, case: CaseView, **values: Any) -> Response:
    """The form of an act that shows what is in the case: that somebody was shown it is noted (UU 27/2022)."""
    with noting_look() as session:
        note_case_look(session, current_actor(), case.id)
    return render_page(template, case=case, **values)


def go_to_case(message: str, case_id: UUID) -> Response:
    """The answer to a finished act: a redirect to the page of the case, which shows `message` there."""
    leave_notice(message)
    return redirect_to("pages.show_assessment_case", id=case_id)
