"""What certificate does when it hears of something."""

from sqlalchemy.orm import Session

from services.certificate.commands import photos
from services.certificate.commands.ordering import note_forms_signed, open_order, place_order
from services.certificate.models import Order
from shared.chain.heads import follow_heads
from shared.contracts import Event
from shared.contracts.assessment import AssessmentRecommended
from shared.contracts.decision import CertificationDecided
from shared.contracts.registration import PhotoNeeded, PhotoPrepared, SelfAssessmentSubmitted
from shared.messaging.reactions import Load, NotYet, Reactions, find_row

reactions = Reactions("certificate")
follow_heads(reactions)

_ORDER = Load(Order, lambda fact: fact.application_id)


@reactions.on(SelfAssessmentSubmitted, _ORDER)
def note_signed_forms(session: Session, event: Event[SelfAssessmentSubmitted]) -> None:
    """The whole file is in, both forms signed: one of the requirements (R11)."""
    order = open_order(session, event.fact)
    note_forms_signed(session, order, event.fact.submitted_at)


@reactions.on(AssessmentRecommended, _ORDER)
def note_recommendation(session: Session, event: Event[AssessmentRecommended]) -> None:
    """The candidate may sign the agreement of use from now on (R17)."""
    open_order(session, event.fact).recommended = True


@reactions.on(CertificationDecided, _ORDER)
def order_certificate(session: Session, event: Event[CertificationDecided]) -> None:
    """K: the chair issues the certificate (process 2.9). BK orders nothing."""
    place_order(session, event.fact)


@reactions.on(PhotoPrepared, _ORDER)
def keep_photo(session: Session, event: Event[PhotoPrepared]) -> None:
    """The holder's photo is ready to be printed: one of the requirements (domain handbook 5)."""
    photos.keep_order_photo(session, _known(session, event.fact), event.fact, event.sequence)


@reactions.on(PhotoNeeded, _ORDER)
def drop_photo(session: Session, event: Event[PhotoNeeded]) -> None:
    """The applicant was asked for another photo: no certificate before it has come."""
    photos.drop_order_photo(_known(session, event.fact), event.sequence)


def _known(session: Session, fact: PhotoPrepared | PhotoNeeded) -> Order:
    order = find_row(session, Order, fact.application_id)
    if order is None:
        raise NotYet(f"application {fact.application_id}")
    return order
