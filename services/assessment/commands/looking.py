"""Opening the file of a candidate: whoever else looks is noted (UU 27/2022)."""

from uuid import UUID

from sqlalchemy.orm import Session

from services.assessment.models import Case
from services.assessment.queries import cases
from services.assessment.queries.views import CaseView
from shared.access_log import Look, note_looks
from shared.security.actor import Actor


def open_case(session: Session, actor: Actor, case_id: UUID) -> CaseView:
    """As much of the case as the actor may see; that he looked is noted. Raises NotFound."""
    found = cases.view_case(session, actor, case_id)
    note_case_look(session, actor, case_id)
    return found


def note_case_look(session: Session, actor: Actor, case_id: UUID) -> None:
    """Note that the actor is shown more of this case than who it is about."""
    case = session.get_one(Case, case_id)
    note_looks(session, actor, [case.applicant_id], Look.CASE, case.subject)
