"""Opening an applicant's file to verify it: whoever looks is noted (UU 27/2022)."""

from uuid import UUID

from sqlalchemy.orm import Session

from services.registration.queries.verification import view_file_to_verify
from services.registration.queries.views import Say, VerificationView
from shared.access_log import Look, note_looks
from shared.audit import record_act
from shared.security.actor import Actor


def open_file_to_verify(session: Session, actor: Actor, application_id: UUID, say: Say) -> VerificationView:
    """The file for who opens it: the look is noted, and stands in the audit log as well. Raises NotFound."""
    found = show_file_to_verify(session, actor, application_id, say)
    record_act(session, actor, "application:open", f"application/{application_id}")
    return found


def show_file_to_verify(session: Session, actor: Actor, application_id: UUID, say: Say) -> VerificationView:
    """The file as it is now, in the answer to an act on it: that is a look at it, noted as one. Raises NotFound."""
    found = view_file_to_verify(session, application_id, say)
    note_looks(session, actor, [found.application.applicant_id], Look.FILE, f"application/{application_id}")
    return found
