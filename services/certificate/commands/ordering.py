"""From what is heard of an application to one cleared for its certificate: whatever comes last completes it (R11)."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from services.certificate.domain.requirements import Standing, list_unmet_requirements
from services.certificate.domain.states import OrderState
from services.certificate.models import Order
from shared.contracts.assessment import AssessmentRecommended
from shared.contracts.certificate import AgreementRequested
from shared.contracts.decision import CertificationDecided
from shared.contracts.registration import SelfAssessmentSubmitted
from shared.contracts.words import Judgement
from shared.documents.glyphs import find_unprintable
from shared.errors import N_, Invalid
from shared.messaging.jobs import enqueue, hurry_jobs
from shared.messaging.outbox import announce
from shared.messaging.reactions import find_row
from shared.schemes import shipped_schemes

ISSUE = "issue"
"""The job that numbers and makes the certificate of a cleared order."""

Heard = SelfAssessmentSubmitted | AssessmentRecommended | CertificationDecided


def open_order(session: Session, fact: Heard) -> Order:
    """The order of the application that `fact` is about; begun with it when nothing was heard before."""
    order = find_row(session, Order, fact.application_id)
    if order is None:
        order = Order(
            id=fact.application_id,
            state=OrderState.CANDIDATE,
            holder_id=fact.applicant_id,
            holder_name=fact.applicant_name,
            scheme_id=fact.scheme_id,
            scheme_version=fact.scheme_version,
            scheme_title=fact.scheme_title,
            judgements={},
            file_hash="",
        )
        session.add(order)
    return order


def place_order(session: Session, fact: CertificationDecided) -> None:
    """The chair decided K: order the certificate. BK orders nothing; a second K changes nothing.

    Raises Invalid for a decision that says K over a unit that is BK, or that the scheme does not know, and NotFound
    for a scheme nobody knows: such a decision cannot be acted on (R11).
    """
    if fact.judgement is not Judgement.K:
        return
    judgements = {unit.unit: unit.judgement for unit in fact.units}
    if not judgements or Judgement.BK in judgements.values():
        raise Invalid("decision-inconsistent", N_("Keputusan K memuat unit yang belum kompeten; periksa keputusannya."))
    unknown = set(judgements) - {unit.code for unit in shipped_schemes().get(fact.scheme_id, fact.scheme_version).units}
    if unknown:
        raise Invalid("units-unknown", N_("Keputusan memuat unit yang tidak ada dalam skema versi ini."))
    order = open_order(session, fact)
    if order.state is not OrderState.CANDIDATE:
        return
    order.state = OrderState.ORDERED
    order.holder_name = fact.applicant_name
    order.scheme_version, order.scheme_title = fact.scheme_version, fact.scheme_title
    order.meeting_id = fact.meeting_id
    order.decision_id, order.decided_at, order.decree_number = fact.decision_id, fact.decided_at, fact.decree_number
    order.decided_by_name, order.acting_for_chair = fact.decided_by_name, fact.acting_for_chair
    order.file_hash, order.renews = fact.file_hash, fact.renews
    order.judgements = {code: judgement.value for code, judgement in judgements.items()}
    if order.agreed_at is None:
        announce(session, order, _request(order.id, order.holder_id, order.scheme_title))
    clear_if_ready(session, order)


def note_forms_signed(session: Session, order: Order, at: datetime) -> None:
    """Note when the applicant signed both forms, and clear the order if that was the last thing missing (R11)."""
    order.forms_signed_at = at
    clear_if_ready(session, order)


def clear_if_ready(session: Session, order: Order) -> None:
    """Clear the order if it is ordered and everything is met (R11); its number comes after this transaction."""
    if order.state is OrderState.ORDERED and not list_unmet_requirements(describe_standing(order)):
        clear_order(session, order)


def clear_order(session: Session, order: Order, again: int = 0) -> None:
    """Mark the order as cleared and have it numbered; `again` counts the numbers it had before, all of them voided."""
    order.state = OrderState.CLEARED
    enqueue(session, ISSUE, {"application_id": str(order.id)}, key=f"{order.id} {again}" if again else str(order.id))


def hurry_order(session: Session, order: Order) -> None:
    """Number a cleared order now: what was tried in vain is tried at once, and asked for anew if nobody knows of it."""
    if not hurry_jobs(session, ISSUE, str(order.id)):
        enqueue(session, ISSUE, {"application_id": str(order.id)}, key=f"{order.id} {uuid4()}")


def remind_holder(session: Session, order: Order) -> None:
    """Ask the holder once more to sign the agreement of use (R17)."""
    announce(session, order, _request(order.id, order.holder_id, order.scheme_title))


def describe_standing(order: Order) -> Standing:
    """Return what is known of an order, as the rule about its requirements wants it (R11)."""
    return Standing(
        judgements={code: Judgement(value) for code, value in (order.judgements or {}).items()},
        forms_signed_at=order.forms_signed_at,
        decided_at=order.decided_at,
        file_hash=order.file_hash or "",
        agreed_at=order.agreed_at,
        name_printable=not find_unprintable(order.holder_name),
        photo_prepared=bool(order.photo_sha256),
    )


def _request(application_id: UUID, holder_id: UUID, scheme_title: str) -> AgreementRequested:
    return AgreementRequested(application_id=application_id, holder_id=holder_id, scheme_title=scheme_title)
