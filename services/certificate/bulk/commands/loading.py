"""The act on many, and the line of it, that a command is about: locked until its transaction ends."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from services.certificate.bulk.domain import ItemState
from services.certificate.bulk.models import Batch, BatchItem
from shared.errors import N_, NotFound


def lock_batch(session: Session, batch_id: UUID) -> Batch:
    """Return the act on many, locked. Raises NotFound."""
    batch = session.get(Batch, batch_id, with_for_update=True)
    if batch is None:
        raise NotFound("batch-unknown", N_("Tindakan massal ini tidak ada."))
    return batch


def lock_planned_item(session: Session, item_id: UUID) -> BatchItem | None:
    """Return the line with its batch, the line locked; None once it is done, refused or failed."""
    planned = select(BatchItem).where(BatchItem.id == item_id, BatchItem.state == ItemState.PLANNED)
    # only the line is locked: with the batch locked too, its lines could not be done side by side
    locked = planned.options(joinedload(BatchItem.batch, innerjoin=True)).with_for_update(of=BatchItem)
    return session.scalars(locked).one_or_none()
