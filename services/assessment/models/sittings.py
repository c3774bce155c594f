"""Sittings: when which TUK is taken for assessment, and the assessors' reports of them (FR.AK.05)."""

from datetime import date, datetime
from enum import Enum, StrEnum
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.assessment.domain.venue import Slot
from services.assessment.models.base import Base
from services.assessment.models.registers import Centre
from shared import clock
from shared.database.base import Aggregate
from shared.database.types import word_column
from shared.errors import N_


class SittingState(StrEnum):
    """Whether a sitting is to be held; one that was called off is kept."""

    PLANNED = "planned"
    CANCELLED = "cancelled"


SITTING_STATE_NAMES: dict[Enum, str] = {
    SittingState.PLANNED: N_("direncanakan"),
    SittingState.CANCELLED: N_("dibatalkan"),
}


class Sitting(Aggregate, Base):
    """One session at a TUK; candidates are seated in it, each with the assessor of the case."""

    __tablename__ = "sittings"
    subject_kind = "sitting"

    centre_id: Mapped[UUID] = mapped_column(ForeignKey("centres.id"), index=True)
    starts_at: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime]
    state: Mapped[SittingState] = mapped_column(word_column(SittingState, 30), default=SittingState.PLANNED)
    note: Mapped[str] = mapped_column(Text, default="")

    centre: Mapped[Centre] = relationship(lazy="joined", innerjoin=True)

    @property
    def slot(self) -> Slot:
        """The time the sitting takes up."""
        return Slot(self.starts_at, self.ends_at)

    @property
    def day(self) -> date:
        """The day it begins, on the wall calendar in Jakarta."""
        return self.starts_at.astimezone(clock.JAKARTA).date()


class SittingReport(Base):
    """FR.AK.05: what one assessor reports of one sitting."""

    __tablename__ = "sitting_reports"
    __table_args__ = (UniqueConstraint("sitting_id", "assessor_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    sitting_id: Mapped[UUID] = mapped_column(ForeignKey("sittings.id"))
    assessor_id: Mapped[UUID] = mapped_column(index=True)
    assessor_name: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(Text)
    aspects: Mapped[str] = mapped_column(Text)
    suggestions: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime]
