"""The cases: what the assessors recommended, and how far the decision on it is (process 2.8)."""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.decision.encrypted_kinds import DOSSIER
from services.decision.models.base import Base, Judgements
from shared import clock
from shared.contracts.registration import EvidenceDocument
from shared.database.base import Aggregate
from shared.database.types import json_of
from shared.security.encryption import EncryptedText


class DecisionCase(Aggregate, Base):
    """One application before the officers; its id is the application's.

    `standing` is what was last decided per unit (empty before the first decision); `attempt` is the one now pending.
    """

    __tablename__ = "cases"
    __table_args__ = (Index("ix_cases_state_state_since", "state", "state_since"),)
    subject_kind: ClassVar[str] = "decision"

    applicant_id: Mapped[UUID] = mapped_column(index=True)
    applicant_name: Mapped[str] = mapped_column(String(200))
    scheme_id: Mapped[str] = mapped_column(String(60))
    scheme_version: Mapped[str] = mapped_column(String(20))
    scheme_title: Mapped[str] = mapped_column(String(500))
    renews: Mapped[str | None] = mapped_column(String(80), default=None)
    attempt: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(String(24))
    state_since: Mapped[datetime] = mapped_column(default=clock.now)
    standing: Mapped[Judgements] = mapped_column(default=dict)
    decided_at: Mapped[datetime | None] = mapped_column(default=None)
    appeal_until: Mapped[datetime | None] = mapped_column(default=None)
    reassess_until: Mapped[datetime | None] = mapped_column(default=None)
    meeting_id: Mapped[UUID | None] = mapped_column(default=None)
    closed_reason: Mapped[str] = mapped_column(Text, default="")


class Recommendation(Base):
    """What one assessor recommended after one attempt; never changed (R2).

    `record` is the canonical JSON whose SHA-256 is `record_hash`; None where only the hash was told.
    """

    __tablename__ = "recommendations"
    __table_args__ = (UniqueConstraint("case_id", "attempt"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    case_id: Mapped[UUID]
    attempt: Mapped[int]
    assessment_id: Mapped[UUID]
    units: Mapped[Judgements]
    assessor_id: Mapped[UUID] = mapped_column(index=True)
    assessor_name: Mapped[str] = mapped_column(String(200))
    verifier_id: Mapped[UUID]
    assessed_on: Mapped[date]
    place: Mapped[str] = mapped_column(String(500))
    note: Mapped[str] = mapped_column(Text)
    unit_notes: Mapped[dict[str, str] | None] = mapped_column(json_of(dict[str, str]), default=None)
    file_hash: Mapped[str] = mapped_column(String(64))
    record_hash: Mapped[str] = mapped_column(String(64))
    met_valid_until: Mapped[date | None] = mapped_column(default=None)
    centre_verified_until: Mapped[date | None] = mapped_column(default=None)
    """As they stood when it was recommended (R5, R6); None where they were not told yet."""
    received_at: Mapped[datetime] = mapped_column(default=clock.now)
    record: Mapped[str | None] = mapped_column(
        EncryptedText(DOSSIER, "decision.recommendations.record"), default=None, deferred=True
    )
    """Read and decrypted only where it is asked for: agendas with many cases do without."""


class SubmittedFile(Base):
    """A file as it was submitted with FR-APL-02, known by the SHA-256 of its canonical JSON `content` (R12).

    Never changed: a later submission is another row. `documents` say where each piece of evidence is read.
    """

    __tablename__ = "submitted_files"

    file_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    application_id: Mapped[UUID] = mapped_column(index=True)
    submitted_at: Mapped[datetime]
    content: Mapped[str] = mapped_column(EncryptedText(DOSSIER, "decision.submitted_files.content"))
    nik_shown: Mapped[str] = mapped_column(EncryptedText(DOSSIER, "decision.submitted_files.nik_shown"))
    documents: Mapped[list[EvidenceDocument]] = mapped_column(json_of(list[EvidenceDocument]))


class Declaration(Base):
    """Somebody has declared to be free of any conflict of interest in one case (R1, R7): only then it opens."""

    __tablename__ = "declarations"
    __table_args__ = (UniqueConstraint("case_id", "account_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    account_id: Mapped[UUID] = mapped_column(index=True)
    account_name: Mapped[str] = mapped_column(String(200))
    declared_at: Mapped[datetime] = mapped_column(default=clock.now)
