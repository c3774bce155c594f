"""Certification periods with their quotas (process 2.1)."""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.registration.models.base import Base
from shared.database.base import Aggregate


class Period(Aggregate, Base):
    """Open for applications from `opens_on` to `closes_on`, both days included (Jakarta)."""

    __tablename__ = "periods"
    subject_kind: ClassVar[str] = "period"

    title: Mapped[str] = mapped_column(String(200))
    place: Mapped[str] = mapped_column(String(200))
    schedule: Mapped[str] = mapped_column(Text, default="")
    opens_on: Mapped[date] = mapped_column(index=True)
    closes_on: Mapped[date] = mapped_column(index=True)
    announced_by: Mapped[UUID]
    announced_at: Mapped[datetime]
    quotas: Mapped[list["PeriodQuota"]] = relationship(
        cascade="all, delete-orphan", lazy="selectin", order_by="PeriodQuota.scheme_id"
    )

    def is_open(self, day: date) -> bool:
        """Whether one can file on this day in Jakarta."""
        return self.opens_on <= day <= self.closes_on


class PeriodQuota(Base):
    """How many may apply for one scheme. `taken` is counted by one conditional update, so it never passes `quota`."""

    __tablename__ = "period_quotas"
    __table_args__ = (CheckConstraint("taken >= 0 AND taken <= quota", name="taken_within_quota"),)

    period_id: Mapped[UUID] = mapped_column(ForeignKey("periods.id"), primary_key=True)
    scheme_id: Mapped[str] = mapped_column(String(60), primary_key=True)
    quota: Mapped[int]
    taken: Mapped[int] = mapped_column(default=0)

    @property
    def left(self) -> int:
        """How many places are left."""
        return self.quota - self.taken
