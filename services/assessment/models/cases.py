"""Cases: one assessment of one candidate each, and what was declared, planned and recorded of it."""

from datetime import date, datetime
from uuid import UUID, uuid4, uuid5

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.assessment.domain.impartiality import Candidacy, Declaration
from services.assessment.domain.paperfile import Tick
from services.assessment.domain.preassessment import Briefing, Explanation
from services.assessment.domain.workflow import State
from services.assessment.encrypted_kinds import ADJUSTMENT
from services.assessment.models.base import Base
from services.assessment.models.contents import KeptCheck, KeptEvidence, KeptRecommendation, KeptUnitPlan
from services.assessment.models.copies import File
from services.assessment.models.registers import Assessor
from services.assessment.models.sittings import Sitting
from shared import clock
from shared.contracts.words import ItemReason, Judgement
from shared.database.base import Aggregate
from shared.database.types import json_of, word_column
from shared.security.encryption import EncryptedText

_CASES = UUID("5c2a35b8-2b8e-4d3f-9f6b-6f5a7d2a9c11")

UnitByMethod = dict[str, dict[str, Judgement]]
"""Unit code -> method code -> what that method showed (FR.AK.02)."""


def derive_case_id(application_id: UUID, attempt: int) -> UUID:
    """The id of the case of one attempt at an application.

    It is computed from both, so that a fact which is told twice cannot make a second case.
    """
    return uuid5(_CASES, f"{application_id}/{attempt}")


class Case(Aggregate, Base):
    """`attempt` is 0 for the first assessment, 1 and up for re-assessments of `units` (R28).

    `excluded_assessors` says who, never why (R10). `since` is when it came into its state.
    """

    __tablename__ = "cases"
    __table_args__ = (UniqueConstraint("application_id", "attempt"),)
    subject_kind = "case"

    application_id: Mapped[UUID] = mapped_column(ForeignKey("files.application_id"), index=True)
    attempt: Mapped[int]
    applicant_id: Mapped[UUID] = mapped_column(index=True)
    state: Mapped[State] = mapped_column(word_column(State, 30), index=True)
    since: Mapped[datetime] = mapped_column(default=clock.now)
    units: Mapped[list[str]]
    refused_units: Mapped[list[str]] = mapped_column(default=list)
    excluded_assessors: Mapped[list[str]] = mapped_column(default=list)
    assessor_id: Mapped[UUID | None] = mapped_column(ForeignKey("assessors.id"), index=True)
    sitting_id: Mapped[UUID | None] = mapped_column(ForeignKey("sittings.id"), index=True)

    file: Mapped[File] = relationship(lazy="joined", innerjoin=True)
    assessor: Mapped[Assessor | None] = relationship(lazy="joined")
    sitting: Mapped[Sitting | None] = relationship(lazy="joined")
    assignments: Mapped[list["Assignment"]] = relationship(order_by="Assignment.assigned_at")
    consultations: Mapped[list["Consultation"]] = relationship(order_by="Consultation.number")
    record: Mapped["DayRecord | None"] = relationship(back_populates="case", cascade="all, delete-orphan")

    @property
    def assessor_name(self) -> str:
        """The name of the case's assessor; empty while there is none."""
        return self.assessor.name if self.assessor else ""

    @property
    def candidacy(self) -> Candidacy:
        """What the rules on the choice of assessor ask. Only a submitted file has a case, so it has a verifier."""
        assert self.file.verifier_id is not None  # noqa: S101
        excluded = frozenset(UUID(each) for each in self.excluded_assessors)
        return Candidacy(self.applicant_id, self.file.verifier_id, self.file.scheme_id, excluded)

    @property
    def consultation(self) -> "Consultation | None":
        """The one in hand, or the last agreed; None once its assessor was taken off the case."""
        last = self.consultations[-1] if self.consultations else None
        return None if last is None or last.closed_at is not None else last

    @property
    def assignment(self) -> "Assignment | None":
        """The assignment in force; None while nobody is assigned."""
        return next((one for one in self.assignments if one.ended_at is None), None)

    @property
    def is_cleared(self) -> bool:
        """Whether its assessor has declared impartiality and so may see the file (R4)."""
        return self.assignment is not None and self.assignment.cleared_at is not None


class Assignment(Base):
    """Who was to assess a case, from when until when, and how it ended: `blocked` (R4) or `released`."""

    __tablename__ = "assignments"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    assessor_id: Mapped[UUID] = mapped_column(index=True)
    assessor_name: Mapped[str] = mapped_column(String(200))
    assigned_by: Mapped[UUID]
    assigned_at: Mapped[datetime]
    cleared_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ending: Mapped[str | None] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(Text, default="")


class StoredDeclaration(Base):
    """A declaration of impartiality (R4), kept for every later case of the same two people."""

    __tablename__ = "declarations"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    assessor_id: Mapped[UUID] = mapped_column(index=True)
    applicant_id: Mapped[UUID] = mapped_column(index=True)
    family: Mapped[bool]
    superior_or_subordinate: Mapped[bool]
    same_work_unit: Mapped[bool]
    trainer: Mapped[bool]
    trained_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(Text)
    declared_at: Mapped[datetime]

    @property
    def declaration(self) -> Declaration:
        """What was declared, as the rules read it."""
        return Declaration(
            self.family, self.superior_or_subordinate, self.same_work_unit, self.trainer, self.trained_on
        )


class Consultation(Base):
    """The pre-assessment of one assessor and one round (process 2.6); `closed_at` when it holds no longer."""

    __tablename__ = "consultations"
    __table_args__ = (UniqueConstraint("case_id", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    number: Mapped[int]
    assessor_id: Mapped[UUID]
    at: Mapped[datetime]
    place: Mapped[str] = mapped_column(String(300))
    checks: Mapped[list[KeptCheck]] = mapped_column(json_of(list[KeptCheck]), default=list)
    explanations: Mapped[list[Explanation]] = mapped_column(json_of(list[Explanation]), default=list)
    briefings: Mapped[list[Briefing]] = mapped_column(json_of(list[Briefing]), default=list)
    plan: Mapped[list[KeptUnitPlan]] = mapped_column(json_of(list[KeptUnitPlan]), default=list)
    adjustments: Mapped[str] = mapped_column(
        EncryptedText(ADJUSTMENT, "assessment.consultations.adjustments"), default=""
    )
    proposed_at: Mapped[datetime | None]
    disagreement: Mapped[str] = mapped_column(Text, default="")
    agreed_at: Mapped[datetime | None]
    reasons: Mapped[list[ItemReason]] = mapped_column(json_of(list[ItemReason]), default=list)
    note: Mapped[str] = mapped_column(Text, default="")
    closed_at: Mapped[datetime | None]

    @property
    def methods(self) -> dict[str, list[str]]:
        """The planned methods per unit code."""
        return {unit.unit: unit.methods for unit in self.plan}


def make_blank_record(case_id: UUID) -> "DayRecord":
    """A record of the day of a case, with nothing confirmed, noted or recommended yet."""
    return DayRecord(
        case_id=case_id, checklist={}, judgements={}, further_evidence=[], units=[], note="", record_hash=""
    )


class DayRecord(Base):
    """What happened on the day (FR.AK.02) and what was recommended of it (process 2.7, 2.8)."""

    __tablename__ = "day_records"

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    checklist: Mapped[dict[str, Tick]] = mapped_column(json_of(dict[str, Tick]), default=dict)
    confirmed_at: Mapped[datetime | None]
    ready_at: Mapped[datetime | None]
    judgements: Mapped[UnitByMethod] = mapped_column(json_of(UnitByMethod), default=dict)
    further_evidence: Mapped[list[KeptEvidence]] = mapped_column(json_of(list[KeptEvidence]), default=list)
    completed_at: Mapped[datetime | None]
    units: Mapped[list[KeptRecommendation]] = mapped_column(json_of(list[KeptRecommendation]), default=list)
    note: Mapped[str] = mapped_column(Text, default="")
    recommended_at: Mapped[datetime | None]
    record_hash: Mapped[str] = mapped_column(String(64), default="")

    case: Mapped[Case] = relationship(back_populates="record")
