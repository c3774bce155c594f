"""FR-APL-02 as its candidate fills it, or staff reads it."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from services.registration.commands.loading import load_own_application
from services.registration.commands.self_assessment import read_latest_claims
from services.registration.domain.workflow import SELF_ASSESSMENT_OPEN, Stage
from services.registration.models import Application, Milestone
from services.registration.queries.views import SelfAssessmentView, describe_documents, describe_scheme
from shared.schemes import shipped_schemes
from shared.security.actor import Actor


def view_own_self_assessment(session: Session, actor: Actor, application_id: UUID) -> SelfAssessmentView:
    """Return the candidate's own, with the assessor's reasons where it was returned. Raises NotFound."""
    application = load_own_application(session, actor, application_id, selectinload(Application.self_assessments))
    return describe_self_assessment(session, application)


def describe_self_assessment(session: Session, application: Application) -> SelfAssessmentView:
    """Return FR-APL-02 as it is now, with the reasons for which the assessor returned it last (process 2.6)."""
    session.flush()
    scheme = shipped_schemes().get(application.scheme_id, application.scheme_version)
    sent = [one for one in application.self_assessments if one.submitted_at is not None]
    returned = session.scalars(
        select(Milestone)
        .where(Milestone.application_id == application.id, Milestone.stage == Stage.RETURNED_BY_ASSESSOR)
        .order_by(Milestone.at.desc())
        .limit(1)
    ).first()
    return SelfAssessmentView(
        application_id=application.id,
        version=application.version,
        state=application.state,
        open=application.state in SELF_ASSESSMENT_OPEN,
        scheme=describe_scheme(scheme),
        claims=read_latest_claims(application, scheme),
        submitted_at=sent[-1].submitted_at if sent else None,
        file_hash=sent[-1].file_hash if sent else None,
        documents=describe_documents(application),
        returned=returned.data.model_dump(mode="json").get("reasons", []) if returned else [],
        returned_note=returned.data.note if returned else "",
    )
