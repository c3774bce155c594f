"""What registration keeps of the other stages, from their events: timeline, access to files, certificates, outcomes."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid5

from pydantic import BaseModel, ConfigDict, SerializerFunctionWrapHandler, model_serializer
from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, validates

from services.registration.domain.workflow import Stage
from services.registration.models.base import Base
from shared.contracts.words import ItemReason, Judgement, UnitJudgement
from shared.database.types import json_of, word_column


class MilestoneData(BaseModel):
    """What a later stage told of a milestone; each fact fills in what it has, nothing else is dumped.

    Moments (`at`) and days (`appeal_until`) stay the ISO texts they came as.
    """

    # What an older version kept under another name is still shown to the applicant, so it must survive being read.
    model_config = ConfigDict(frozen=True, extra="allow")

    assessor: str = ""
    at: str = ""
    place: str = ""
    address: str = ""
    bring: list[str] = []
    note: str = ""
    reason: str = ""
    reasons: list[ItemReason] | str = []
    attempt: int = 1
    decree: str = ""
    appeal_until: str = ""
    reassess_until: str = ""
    units: list[UnitJudgement] | list[str] = []
    number: str = ""
    check_url: str = ""

    @property
    def ways_until(self) -> datetime | None:
        """Until when one can go on after a BK decision; None where nothing was told of it."""
        told = [until for until in (self.appeal_until, self.reassess_until) if until]
        return max((datetime.fromisoformat(until) for until in told), default=None)

    @model_serializer(mode="wrap")
    def _only_what_was_told(self, dump: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {name: value for name, value in dump(self).items() if name in self.model_fields_set}


class Milestone(Base):
    """One thing that happened to an application in a later stage. `id` is the event's."""

    __tablename__ = "milestones"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"), index=True)
    stage: Mapped[Stage] = mapped_column(word_column(Stage, 40))
    at: Mapped[datetime]
    data: Mapped[MilestoneData] = mapped_column(json_of(MilestoneData))

    @validates("data")
    def _read(self, _name: str, data: MilestoneData | dict[str, Any]) -> MilestoneData:
        """Reactions give the parts by name; one of the wrong type is refused where it is told, not where it is read."""
        return MilestoneData.model_validate(data)


class CaseAccess(Base):
    """Which assessor a case belongs to, and whether the file is open to that assessor (R4)."""

    __tablename__ = "case_access"

    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    application_id: Mapped[UUID] = mapped_column(index=True)
    assessor_id: Mapped[UUID] = mapped_column(index=True)
    cleared: Mapped[bool]
    sequence: Mapped[int]


_RIGHTS = UUID("1d6f2f52-5e1d-4b53-9a3c-0c5d1c7f6a44")


def derive_right_id(application_id: UUID, person_id: UUID) -> UUID:
    """The id of one person's right to the evidence of one application: both make it."""
    return uuid5(_RIGHTS, f"{application_id}/{person_id}")


class DossierRight(Base):
    """Whether somebody who decides on a case has declared to be impartial, so that its evidence is open (R1, R7)."""

    __tablename__ = "dossier_rights"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    application_id: Mapped[UUID] = mapped_column(index=True)
    person_id: Mapped[UUID]
    is_open: Mapped[bool]
    sequence: Mapped[int]


class HoldingStatus(StrEnum):
    """What a certificate is worth now."""

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
    status: Mapped[HoldingStatus] = mapped_column(word_column(HoldingStatus, 40), default=HoldingStatus.VALID)
    sequence: Mapped[int] = mapped_column(default=0)
    invited_at: Mapped[datetime | None] = mapped_column(default=None)


def derive_outcome_id(application_id: UUID, attempt: int) -> UUID:
    """Return the id of an attempt's outcome: derived, because the stages number their cases each in their own way."""
    return uuid5(application_id, str(attempt))


class Outcome(Base):
    """One assessment of one application, re-assessments each their own; `id` is `derive_outcome_id`.

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
    judgement: Mapped[Judgement | None] = mapped_column(word_column(Judgement, 40), default=None)
    decided_at: Mapped[datetime | None] = mapped_column(default=None)
    meeting_id: Mapped[UUID | None] = mapped_column(default=None, index=True)
