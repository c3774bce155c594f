"""What registration keeps of the other stages, from their events: for the applicant to see, and for access to files."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from services.registration.domain.workflow import Stage
from services.registration.models.base import Base, word_column


class Milestone(Base):
    """One thing that happened to an application in a later stage. `id` is the event's."""

    __tablename__ = "milestones"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"), index=True)
    stage: Mapped[Stage] = mapped_column(word_column(Stage))
    at: Mapped[datetime]
    data: Mapped[dict[str, Any]]


class CaseAccess(Base):
    """Which assessor a case belongs to, and whether the file is open to that assessor (R4)."""

    __tablename__ = "case_access"

    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    application_id: Mapped[UUID] = mapped_column(index=True)
    assessor_id: Mapped[UUID] = mapped_column(index=True)
    cleared: Mapped[bool]
    sequence: Mapped[int]


class HoldingStatus(StrEnum):
    VALID = "valid"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class Holding(Base):
    """A certificate as far as a renewal needs it (process 2.12)."""

    __tablename__ = "holdings"

    number: Mapped[str] = mapped_column(String(60), primary_key=True)
    holder_id: Mapped[UUID] = mapped_column(index=True)
    application_id: Mapped[UUID]
    scheme_id: Mapped[str] = mapped_column(String(60))
    scheme_title: Mapped[str] = mapped_column(String(500))
    expires_on: Mapped[date]
    status: Mapped[HoldingStatus] = mapped_column(word_column(HoldingStatus), default=HoldingStatus.VALID)
    sequence: Mapped[int] = mapped_column(default=0)
    invited_at: Mapped[datetime | None] = mapped_column(default=None)
