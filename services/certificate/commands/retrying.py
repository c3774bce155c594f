"""What could not be done is tried at once, instead of when its turn comes; what was given up is taken up again."""

from uuid import UUID

from sqlalchemy.orm import Session

from services.certificate.commands.loading import lock_certificate, lock_order
from services.certificate.commands.ordering import hurry_order
from services.certificate.commands.revising import MAKE
from services.certificate.domain.states import OrderState
from services.certificate.domain.versions import Cause
from services.certificate.models import Certificate, Order
from shared import audit
from shared.errors import N_, Conflict
from shared.messaging.jobs import enqueue, hurry_jobs
from shared.security.actor import Actor


def retry_order(session: Session, actor: Actor, application_id: UUID) -> Order:
    """Number a cleared order now. Raises NotFound, Conflict for one that waits for no number."""
    order = lock_order(session, application_id)
    if order.state is not OrderState.CLEARED:
        raise Conflict("order-not-cleared", N_("Permohonan ini tidak sedang menunggu nomor."))
    hurry_order(session, order)
    audit.record_act(session, actor, "order:retry", order.subject)
    return order


def retry_version(session: Session, actor: Actor, certificate_id: UUID) -> Certificate:
    """Make the version in the making now. Raises NotFound, Conflict when there is none."""
    certificate = lock_certificate(session, certificate_id)
    version = certificate.in_the_making
    if version is None:
        raise Conflict("version-none", N_("Tidak ada versi baru yang sedang dibuat."))
    if version.cause is Cause.FIRST:
        hurry_order(session, session.get_one(Order, certificate.application_id))
    elif not hurry_jobs(session, MAKE, str(version.id)):
        enqueue(session, MAKE, {"version_id": str(version.id)}, key=str(version.id))
    audit.record_act(session, actor, "version:retry", certificate.subject, after={"version": version.version})
    return certificate
