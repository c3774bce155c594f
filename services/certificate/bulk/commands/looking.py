"""Taking the report of an act on many: a look at each person on it (UU 27/2022)."""

from uuid import UUID

from sqlalchemy import select, union
from sqlalchemy.orm import Session

from services.certificate.bulk.models import BatchItem
from services.certificate.models import Certificate, Order
from shared.access_log import Look, note_looks
from shared.security.actor import Actor


def note_report_looks(session: Session, actor: Actor, batch_id: UUID) -> None:
    """Note that the actor takes the report, for each holder of whom it has a line."""
    held = select(Certificate.holder_id).join(BatchItem, BatchItem.certificate_id == Certificate.id)
    ordered = select(Order.holder_id).join(BatchItem, BatchItem.order_id == Order.id)
    people = union(held.where(BatchItem.batch_id == batch_id), ordered.where(BatchItem.batch_id == batch_id))
    note_looks(session, actor, session.scalars(people), Look.EXPORT, f"batch/{batch_id}")
