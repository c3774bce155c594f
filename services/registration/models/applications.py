"""Applications and what belongs to their files (process 2.2 to 2.5).

The form is kept as JSON; what must not be readable at rest (NIK, adjustment) has encrypted columns of its own.
"""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, column_property, mapped_column, relationship

from services.registration import encrypted_kinds as kinds
from services.registration.domain.application import DocumentKind
from services.registration.domain.form import Form, ReadableForm, drop_secrets, restore_form
from services.registration.domain.self_assessment import Claim
from services.registration.domain.verification import Finding, Judged
from services.registration.domain.workflow import State
from services.registration.models.base import Base
from shared.active_content import ActiveContent
from shared.database.base import Aggregate
from shared.database.types import json_of, word_column
from shared.security.encryption import EncryptedText


class Application(Aggregate, Base):
    """One application for one cluster (domain handbook 3.2), under the scheme version it was filed under (R27)."""

    __tablename__ = "applications"
    __table_args__ = (Index("ix_applications_state_filed_at", "state", "filed_at"),)
    subject_kind: ClassVar[str] = "application"

    applicant_id: Mapped[UUID] = mapped_column(index=True)
    applicant_name: Mapped[str] = mapped_column(String(200), default="")
    scheme_id: Mapped[str] = mapped_column(String(60))
    scheme_version: Mapped[str] = mapped_column(String(20))
    period_id: Mapped[UUID | None] = mapped_column(ForeignKey("periods.id"), default=None)
    state: Mapped[State] = mapped_column(word_column(State, 40), default=State.DRAFT)
    round: Mapped[int] = mapped_column(default=0)
    form: Mapped[ReadableForm] = mapped_column(json_of(ReadableForm))
    nik: Mapped[str | None] = mapped_column(EncryptedText(kinds.NIK, "nik"), default=None)
    adjustment: Mapped[str | None] = mapped_column(EncryptedText(kinds.ADJUSTMENT, "adjustment"), default=None)
    shown_version: Mapped[str | None] = mapped_column(String(40), default=None)
    shown_at: Mapped[datetime | None] = mapped_column(default=None)
    filed_at: Mapped[datetime | None] = mapped_column(default=None)
    path: Mapped[str | None] = mapped_column(String(1), default=None)
    verifier_id: Mapped[UUID | None] = mapped_column(default=None)
    admitted_at: Mapped[datetime | None] = mapped_column(default=None)
    withdrawn_at: Mapped[datetime | None] = mapped_column(default=None)
    renews: Mapped[str | None] = mapped_column(String(60), default=None, index=True)
    documents: Mapped[list["Document"]] = relationship(
        order_by="Document.uploaded_at, Document.id", back_populates="application", cascade="save-update, merge"
    )
    rounds: Mapped[list["Round"]] = relationship(order_by="Round.number", cascade="save-update, merge")
    self_assessments: Mapped[list["SelfAssessment"]] = relationship(
        order_by="SelfAssessment.number", cascade="save-update, merge"
    )

    def read_form(self) -> Form:
        """Return the whole form, NIK and adjustment decrypted."""
        return restore_form(self.form, self.nik, self.adjustment)

    def write_form(self, form: Form) -> None:
        """Replace the form; NIK and adjustment go into their encrypted columns (decision 31)."""
        self.form = drop_secrets(form)
        self.applicant_name = form.personal.name
        self.nik = form.personal.nik or None
        self.adjustment = form.adjustment or None

    def describe_for_audit(self) -> dict[str, Any]:
        """Return what the audit log keeps of an application before and after an act (R26): no personal data."""
        # A row that was not flushed yet has none of its defaults.
        return {
            "state": self.state or State.DRAFT,
            "round": self.round or 0,
            "scheme": f"{self.scheme_id}/{self.scheme_version}",
            "renews": self.renews,
        }

    @property
    def present(self) -> list["Document"]:
        """The documents of the file as it is now, the oldest first."""
        return [document for document in self.documents if document.removed_at is None]

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of documents in the file now."""
        return frozenset(document.kind.value for document in self.present)


class Document(Base):
    """One document of a file. Its bytes are encrypted in the object store under a random key.

    A removed document stays for the rounds it was filed with; a renewal shares the bytes of the earlier file.
    `active_content` is what was found in it at the upload besides what is read, null when it was not looked through.
    `sha256` is of the bytes that are kept, `sent_sha256` of those that came, of which a picture is drawn anew (null for
    documents from before that). `preview` is a small JPEG (base64), null where none can be drawn.
    """

    __tablename__ = "documents"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"), index=True)
    kind: Mapped[DocumentKind] = mapped_column(word_column(DocumentKind, 40))
    title: Mapped[str] = mapped_column(String(200))
    file_name: Mapped[str] = mapped_column(String(200))
    content_type: Mapped[str] = mapped_column(String(60))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    key: Mapped[str] = mapped_column(String(200), index=True)
    uploaded_at: Mapped[datetime]
    removed_at: Mapped[datetime | None] = mapped_column(default=None)
    sent_sha256: Mapped[str | None] = mapped_column(String(64), default=None)
    preview: Mapped[str | None] = mapped_column(EncryptedText(kinds.DOCUMENT, "preview"), default=None, deferred=True)
    has_preview: Mapped[bool] = column_property(preview.is_not(None))
    active_content: Mapped[list[ActiveContent] | None] = mapped_column(json_of(list[ActiveContent]), default=None)
    application: Mapped[Application] = relationship(back_populates="documents")


class Round(Base):
    """FR-APL-01 as it was filed, and what the secretariat found: each round is kept (process 2.3)."""

    __tablename__ = "application_rounds"
    __table_args__ = (UniqueConstraint("application_id", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"))
    number: Mapped[int]
    filed_at: Mapped[datetime]
    signature: Mapped[str] = mapped_column(String(200))
    form: Mapped[ReadableForm] = mapped_column(json_of(ReadableForm))
    nik: Mapped[str | None] = mapped_column(EncryptedText(kinds.NIK, "nik"))
    adjustment: Mapped[str | None] = mapped_column(EncryptedText(kinds.ADJUSTMENT, "adjustment"))
    document_ids: Mapped[list[str]]
    findings: Mapped[dict[str, Judged]] = mapped_column(json_of(dict[str, Judged]))
    outcome: Mapped[str | None] = mapped_column(String(12), default=None)
    note: Mapped[str] = mapped_column(Text, default="")
    verifier_id: Mapped[UUID | None] = mapped_column(default=None)
    verifier_name: Mapped[str] = mapped_column(String(200), default="")
    decided_at: Mapped[datetime | None] = mapped_column(default=None)

    @property
    def found(self) -> dict[str, Finding]:
        """What was found of each item so far, by the item's code."""
        return {item: Finding(item, judged.verdict, judged.reason) for item, judged in self.findings.items()}


class SelfAssessment(Base):
    """FR-APL-02, one row each time it is filled; `file` is the whole file as submitted, `file_hash` its SHA-256."""

    __tablename__ = "self_assessments"
    __table_args__ = (UniqueConstraint("application_id", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"))
    number: Mapped[int]
    claims: Mapped[list[Claim]] = mapped_column(json_of(list[Claim]))
    signature: Mapped[str] = mapped_column(String(200), default="")
    submitted_at: Mapped[datetime | None] = mapped_column(default=None)
    # Plain JSON and no model: its hash was told to others, and a model that grows would change what was hashed (R12).
    file: Mapped[dict[str, Any] | None]
    file_hash: Mapped[str | None] = mapped_column(String(64), default=None)


class Identity(Base):
    """One NIK is one person (domain handbook 3.4): who filed with it first keeps it."""

    __tablename__ = "identities"

    account_id: Mapped[UUID] = mapped_column(primary_key=True)
    nik: Mapped[str] = mapped_column(EncryptedText(kinds.NIK, "nik"))


class NikIndex(Base):
    """One keyed hash of a person's NIK: there is one for each key of the ring that was known when it was written.

    So two replicas that know different keys, as while keys are rolled, still run into one another's: a person is not
    taken twice as long as they have one key in common.
    """

    __tablename__ = "nik_indexes"

    nik_index: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("identities.account_id"), index=True)
