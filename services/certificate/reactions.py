"""What certificate does when it hears of something."""

from sqlalchemy.orm import Session

from services.certificate import commands
from services.certificate.models import Order
from shared.contracts import Event
from shared.contracts.assessment import AssessmentRecommended
from shared.contracts.decision import CertificationDecided
from shared.contracts.registration import SelfAssessmentSubmitted
from shared.messaging.reactions import Load, Reactions

reactions = Reactions("certificate")

ORDER = Load(Order, lambda fact: fact.application_id)


@reactions.on(SelfAssessmentSubmitted, ORDER)
def note_signed_forms(session: Session, event: Event[SelfAssessmentSubmitted]) -> None:
    """The whole file is in, both forms signed: one of the requirements (R11)."""
    order = commands.heard_of(session, event.fact)
    commands.forms_signed(session, order, event.fact.submitted_at)


@reactions.on(AssessmentRecommended, ORDER)
def note_recommendation(session: Session, event: Event[AssessmentRecommended]) -> None:
    """The candidate may sign the agreement of use from now on (R17)."""
    commands.heard_of(session, event.fact).recommended = True


@reactions.on(CertificationDecided, ORDER)
def order_certificate(session: Session, event: Event[CertificationDecided]) -> None:
    """K: the chair issues the certificate (process 2.9). BK orders nothing."""
    commands.decided(session, event.fact)
