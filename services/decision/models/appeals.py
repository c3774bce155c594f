"""Appeals against BK decisions, their panels, and the re-assessments they led to (process 2.10)."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.decision.models.base import Base
from shared import clock
from shared.database.base import Aggregate


class Appeal(Aggregate, Base):
    """One appeal against one decision (FR.AK.04)."""

    __tablename__ = "appeals"
    subject_kind: ClassVar[str] = "appeal"

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    decision_id: Mapped[UUID] = mapped_column(ForeignKey("decisions.id"), unique=True)
    applicant_id: Mapped[UUID] = mapped_column(index=True)
    attempt: Mapped[int]
    reasons: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(12), index=True)
    received_at: Mapped[datetime]
    outcome_reasons: Mapped[str] = mapped_column(Text, default="")
    decided_by_name: Mapped[str] = mapped_column(String(200), default="")
    ended_at: Mapped[datetime | None] = mapped_column(default=None)


class AppealUnit(Base):
    """A unit an appeal is about: found by it when a later panel asks for similar outcomes (R10)."""

    __tablename__ = "appeal_units"

    appeal_id: Mapped[UUID] = mapped_column(ForeignKey("appeals.id"), primary_key=True)
    unit: Mapped[str] = mapped_column(String(40), primary_key=True, index=True)


class PanelMember(Base):
    """`declined_at` is set when the person stepped down because of a conflict; the reason stays on record."""

    __tablename__ = "panel_members"
    __table_args__ = (UniqueConstraint("appeal_id", "account_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    appeal_id: Mapped[UUID] = mapped_column(ForeignKey("appeals.id"))
    account_id: Mapped[UUID] = mapped_column(index=True)
    name: Mapped[str] = mapped_column(String(200))
    position: Mapped[int]
    named_by_name: Mapped[str] = mapped_column(String(200))
    named_at: Mapped[datetime] = mapped_column(default=clock.now)
    vote: Mapped[str | None] = mapped_column(String(8), default=None)
    reasons: Mapped[str] = mapped_column(Text, default="")
    voted_at: Mapped[datetime | None] = mapped_column(default=None)
    declined_at: Mapped[datetime | None] = mapped_column(default=None)


class AppealStep(Base):
    """What the appellant was told and when (R9, ISO/IEC 17024 9.8)."""

    __tablename__ = "appeal_steps"
    __table_args__ = (Index("ix_appeal_steps_appeal_id_position", "appeal_id", "position"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    appeal_id: Mapped[UUID] = mapped_column(ForeignKey("appeals.id"))
    position: Mapped[int]
    step: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime] = mapped_column(default=clock.now)


class Reassessment(Base):
    """A re-assessment of one unit that was ordered: at most three per person and unit (R28).

    `appeal_id` is null for one that the candidate asked for.
    """

    __tablename__ = "reassessments"
    __table_args__ = (UniqueConstraint("application_id", "unit", "attempt"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    person_id: Mapped[UUID] = mapped_column(index=True)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    appeal_id: Mapped[UUID | None] = mapped_column(ForeignKey("appeals.id"))
    unit: Mapped[str] = mapped_column(String(40))
    attempt: Mapped[int]
    number: Mapped[int]
    ordered_at: Mapped[datetime]
