"""The row an act is about, locked until its transaction ends, so that two acts on it come one after the other."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.certificate.models import Certificate, Order
from shared.errors import N_, NotFound
from shared.security.actor import Actor


def lock_certificate(session: Session, certificate_id: UUID) -> Certificate:
    """Return the certificate, locked. Raises NotFound."""
    certificate = session.get(Certificate, certificate_id, with_for_update=True)
    if certificate is None:
        raise NotFound("certificate-unknown", N_("Sertifikat ini tidak ada."))
    return certificate


def lock_order(session: Session, application_id: UUID) -> Order:
    """Return the order of an application, locked. Raises NotFound."""
    order = session.get(Order, application_id, with_for_update=True)
    if order is None:
        raise NotFound("order-unknown", N_("Permohonan ini tidak ada di tahap sertifikat."))
    return order


def lock_own_order(session: Session, actor: Actor, application_id: UUID) -> Order:
    """Return the order of the actor's own application, locked. Raises NotFound, for somebody else's too."""
    order = session.scalars(
        select(Order).where(Order.id == application_id, Order.holder_id == actor.id).with_for_update()
    ).one_or_none()
    if order is None:
        raise NotFound("application-unknown", N_("Tidak ada permohonan Anda dengan nomor ini di tahap sertifikat."))
    return order
