"""Acts on many certificates at once: the batch, and each of its lines with what was foreseen and what came of it."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.certificate.bulk.domain import BatchKind, BatchState, ItemState, Plan
from services.certificate.models.base import Base
from shared import clock
from shared.database.types import word_column


class Batch(Base):
    """`run` counts how often it was started; the work of an earlier run ends when it sees a newer one.

    `meeting_id` is set for issuing, `reason` and `until` are those of lines that have none of their own, `source` is
    the name of the file the lines came from.
    """

    __tablename__ = "certificate_batch"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    kind: Mapped[BatchKind] = mapped_column(word_column(BatchKind))
    state: Mapped[BatchState] = mapped_column(word_column(BatchState), default=BatchState.PREPARED)
    meeting_id: Mapped[UUID | None] = mapped_column(default=None, index=True)
    reason: Mapped[str] = mapped_column(Text, default="")
    until: Mapped[date | None] = mapped_column(default=None)
    source: Mapped[str] = mapped_column(String(200), default="")
    total: Mapped[int]
    run: Mapped[int] = mapped_column(default=0)
    prepared_by_id: Mapped[UUID]
    prepared_by_name: Mapped[str] = mapped_column(String(200))
    prepared_at: Mapped[datetime] = mapped_column(default=clock.now, index=True)
    started_by_id: Mapped[UUID | None] = mapped_column(default=None)
    started_by_name: Mapped[str] = mapped_column(String(200), default="")
    started_at: Mapped[datetime | None] = mapped_column(default=None)
    finished_at: Mapped[datetime | None] = mapped_column(default=None)

    @property
    def subject(self) -> str:
        return f"batch/{self.id}"


class BatchItem(Base):
    """One line. `given` is the number as it came, `seen` the state at the dry run.

    `problems` say why it is left out, `remarks` what was found when it was judged again; both are msgids.
    """

    __tablename__ = "certificate_batch_item"
    __table_args__ = (
        UniqueConstraint("batch_id", "line"),
        Index("ix_certificate_batch_item_open", "batch_id", "state", "line"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    batch_id: Mapped[UUID] = mapped_column(ForeignKey("certificate_batch.id"))
    line: Mapped[int]
    given: Mapped[str] = mapped_column(String(200))
    certificate_id: Mapped[UUID | None] = mapped_column(default=None)
    order_id: Mapped[UUID | None] = mapped_column(default=None, index=True)
    holder_name: Mapped[str] = mapped_column(String(200), default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    until: Mapped[date | None] = mapped_column(default=None)
    seen: Mapped[str] = mapped_column(String(24), default="")
    plan: Mapped[Plan] = mapped_column(word_column(Plan), default=Plan.NOTHING)
    problems: Mapped[list[str]] = mapped_column(default=list)
    state: Mapped[ItemState] = mapped_column(word_column(ItemState), default=ItemState.LEFT_OUT)
    remarks: Mapped[list[str]] = mapped_column(default=list)
    done_at: Mapped[datetime | None] = mapped_column(default=None)

    batch: Mapped[Batch] = relationship()
