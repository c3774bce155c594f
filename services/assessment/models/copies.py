"""What registration told, kept as this stage's own copies; `sequence` is that of the last event applied."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.assessment.encrypted_kinds import ADJUSTMENT
from services.assessment.models.base import Base
from shared.contracts.registration import ElementClaim, EvidenceDocument
from shared.database.types import json_of
from shared.security.encryption import EncryptedText
from shared.security.roles import Role


class AccountCopy(Base):
    """A name and its roles."""

    __tablename__ = "accounts"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(320))
    roles: Mapped[list[str]]
    active: Mapped[bool]
    sequence: Mapped[int]

    @property
    def may_assess(self) -> bool:
        """Whether the account is open and has the role of an assessor."""
        return self.active and Role.ASSESSOR in self.roles


class File(Base):
    """One application as submitted with FR-APL-02: what an assessor sees once cleared (R4).

    `withdrawn_at` may be known before the file itself: then everything else is empty. `adjustment_note` is
    special-category data, encrypted, for the assessor alone.
    """

    __tablename__ = "files"

    application_id: Mapped[UUID] = mapped_column(primary_key=True)
    applicant_id: Mapped[UUID] = mapped_column(index=True)
    applicant_name: Mapped[str] = mapped_column(String(200), index=True)
    scheme_id: Mapped[str] = mapped_column(String(60), index=True)
    scheme_version: Mapped[str] = mapped_column(String(20))
    scheme_title: Mapped[str] = mapped_column(String(500))
    round: Mapped[int]
    verifier_id: Mapped[UUID | None]
    units: Mapped[list[str]]
    claims: Mapped[list[ElementClaim]] = mapped_column(json_of(list[ElementClaim]))
    documents: Mapped[list[EvidenceDocument]] = mapped_column(json_of(list[EvidenceDocument]))
    adjustment_needed: Mapped[bool]
    adjustment_note: Mapped[str] = mapped_column(EncryptedText(ADJUSTMENT, "assessment.files.adjustment_note"))
    submitted_at: Mapped[datetime | None]
    file_hash: Mapped[str] = mapped_column(String(64))
    renews: Mapped[str | None] = mapped_column(Text)
    withdrawn_at: Mapped[datetime | None]
    sequence: Mapped[int]

    @property
    def document_ids(self) -> list[str]:
        """The ids of the file's documents, as text."""
        return [str(document.document_id) for document in self.documents]
