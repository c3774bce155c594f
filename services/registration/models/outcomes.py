"""What became of each assessment, as far as the list for BNSP asks for it (domain handbook 5)."""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID, uuid5

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.registration.models.base import Base, word_column
from shared.contracts.words import Judgement
from shared.database.base import Aggregate

NO_PERIOD = UUID(int=0)
"""Stands for the applications that took no place in a period: renewals."""


def derive_outcome_id(application_id: UUID, attempt: int) -> UUID:
    """Return the id of an attempt's outcome: derived, because the stages number their cases each in their own way."""
    return uuid5(application_id, str(attempt))


class Outcome(Base):
    """One assessment of one application, re-assessments each their own; `id` is `outcome_id`.

    Filled from two facts that come in any order: the day and the assessor from the recommendation, K or BK from the
    decision. It is listed once both are known.
    """

    __tablename__ = "outcomes"
    __table_args__ = (UniqueConstraint("application_id", "attempt"), Index("ix_outcomes_assessed_on", "assessed_on"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"))
    attempt: Mapped[int]
    assessed_on: Mapped[date | None] = mapped_column(default=None)
    assessor_registration: Mapped[str] = mapped_column(String(60), default="")
    judgement: Mapped[Judgement | None] = mapped_column(word_column(Judgement), default=None)
    decided_at: Mapped[datetime | None] = mapped_column(default=None)
    meeting_id: Mapped[UUID | None] = mapped_column(default=None, index=True)


class RequestCodes(Aggregate, Base):
    """BNSP's codes for the applications of one period; `id` is the period's, or `NO_PERIOD`."""

    __tablename__ = "request_codes"
    subject_kind: ClassVar[str] = "request-codes"

    schedule: Mapped[str] = mapped_column(String(40), default="")
    occupation: Mapped[str] = mapped_column(String(40), default="")
    budget: Mapped[str] = mapped_column(String(40), default="")
    ministry: Mapped[str] = mapped_column(String(40), default="")
