"""A number whose certificate can't be made is voided, never reused; the order may then get another one."""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.certificate.commands.life import Reason, held
from services.certificate.commands.ordering import ask_for_number
from services.certificate.domain.states import Act, OrderState, State, moved
from services.certificate.domain.versions import VersionState
from services.certificate.models import Certificate, Change, Order
from shared import audit, clock
from shared.errors import N_, Conflict, NotFound
from shared.security.actor import Actor


def void(session: Session, actor: Actor, certificate_id: UUID, given: Reason) -> Certificate:
    """Raises NotFound, Conflict once the certificate is issued: then it can only be withdrawn."""
    certificate = held(session, certificate_id)
    certificate.state = moved(certificate.state, Act.VOID)
    certificate.state_since = clock.now()
    certificate.current.state, certificate.current.state_since = VersionState.VOIDED, clock.now()
    session.add(
        Change(certificate_id=certificate.id, act=Act.VOID, reason=given.reason, actor_name=actor.name, at=clock.now())
    )
    audit.record_act(
        session,
        actor,
        "certificate:void",
        certificate.subject,
        before={"state": State.NUMBERED},
        after={"state": State.VOIDED, "number": certificate.number, "reason": given.reason},
    )
    return certificate


def renumber(session: Session, actor: Actor, application_id: UUID) -> Order:
    """Ask for a new number for an order whose number was voided. Raises NotFound, Conflict while it has one."""
    order = session.get(Order, application_id, with_for_update=True)
    if order is None:
        raise NotFound("order-unknown", N_("Permohonan ini tidak ada di tahap sertifikat."))
    of_order = select(func.count()).where(Certificate.application_id == order.id)
    living = session.scalar(of_order.where(Certificate.state != State.VOIDED))
    if order.state is not OrderState.FULFILLED or living:
        raise Conflict("order-not-voided", N_("Nomor baru hanya diberikan setelah nomor sebelumnya dibatalkan."))
    ask_for_number(session, order, again=session.scalar(of_order) or 0)
    audit.record_act(session, actor, "certificate:renumber", order.subject)
    return order
