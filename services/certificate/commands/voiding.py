"""A number whose certificate can't be made is voided, never reused; the order may then get another one."""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.certificate.commands.life import Reason
from services.certificate.commands.loading import lock_certificate, lock_order
from services.certificate.commands.ordering import clear_order
from services.certificate.domain.states import Act, OrderState, State, apply_certificate_act
from services.certificate.domain.versions import VersionState
from services.certificate.models import Certificate, Change, Order
from shared import audit, clock
from shared.errors import N_, Conflict
from shared.security.actor import Actor


def void_certificate(session: Session, actor: Actor, certificate_id: UUID, given: Reason) -> Certificate:
    """Void the number of a certificate that was never issued; the number stays on record and is never used again.

    Raises NotFound, Conflict once the certificate is issued: then it can only be withdrawn.
    """
    certificate = lock_certificate(session, certificate_id)
    certificate.state = apply_certificate_act(certificate.state, Act.VOID)
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


def renumber_order(session: Session, actor: Actor, application_id: UUID) -> Order:
    """Ask for a new number for an order whose number was voided. Raises NotFound, Conflict while it has one."""
    order = lock_order(session, application_id)
    of_order = select(func.count()).where(Certificate.application_id == order.id)
    living = session.scalar(of_order.where(Certificate.state != State.VOIDED))
    if order.state is not OrderState.FULFILLED or living:
        raise Conflict("order-not-voided", N_("Nomor baru hanya diberikan setelah nomor sebelumnya dibatalkan."))
    clear_order(session, order, again=session.scalar(of_order) or 0)
    audit.record_act(session, actor, "certificate:renumber", order.subject)
    return order
