"""The blueprint that every part of assessment's API adds its views to."""

from uuid import UUID

from sqlalchemy.orm import Session

from services.assessment.commands.looking import open_case
from services.assessment.queries.views import CaseView
from shared.web import Api, current_actor

api = Api("assessment")


def view_changed_case(session: Session, case_id: UUID) -> CaseView:
    """The case as it is now, for whoever just changed it: what was changed is flushed and read again.

    An answer that shows the case is a look at it, noted as one.
    """
    session.flush()
    return open_case(session, current_actor(), case_id)
