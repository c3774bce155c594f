"""The agency, and its webhook, that a command is about: locked until its transaction ends."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.certificate.agencies.domain import UNKNOWN, Subscription
from services.certificate.agencies.models import Agency, Webhook
from shared.errors import N_, Conflict, NotFound

NO_WEBHOOK = N_("Instansi ini tidak memakai webhook.")


def lock_agency(session: Session, name: str, *standings: Subscription) -> Agency:
    """Return the agency of this name, locked. Raises NotFound unless it is active (or of one of `standings`)."""
    agency = lock_agency_if_there(session, name)
    if agency is None or agency.standing not in (standings or (Subscription.ACTIVE,)):
        raise NotFound("agency-unknown", UNKNOWN)
    return agency


def lock_agency_if_there(session: Session, name: str) -> Agency | None:
    """Return the agency of this name, locked, whatever its standing; None when there never was one."""
    return session.scalars(select(Agency).where(Agency.name == name).with_for_update()).one_or_none()


def lock_webhook(session: Session, agency_id: UUID) -> Webhook:
    """Return the agency's webhook, locked. Raises NotFound for a removed agency, Conflict for one without a webhook."""
    agency = session.get(Agency, agency_id)
    if agency is None or agency.standing is Subscription.REMOVED:
        raise NotFound("agency-unknown", UNKNOWN)
    # the agency may have loaded its webhook above, without the lock: what stands in the row now counts
    webhook = session.get(Webhook, agency_id, with_for_update=True, populate_existing=True)
    if webhook is None:
        raise Conflict("no-webhook", NO_WEBHOOK)
    return webhook
