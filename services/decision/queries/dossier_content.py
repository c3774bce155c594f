"""The content that officers decide on, read from the canonical JSON it was hashed as (R12).

What a later version of the tellers adds is passed over, what an earlier one left out is empty.
"""

import logging
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy.orm import Session

from services.decision.domain.freezing import hash_text
from services.decision.models import Recommendation, SubmittedFile
from shared.contracts.words import Judgement
from shared.errors import N_, Refusal
from shared.security.encryption import NotReadable

log = logging.getLogger(__name__)


class Content(BaseModel):
    """A part of what was told."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class FiledDocument(Content):
    """A document as the file names it."""

    id: UUID
    title: str
    sha256: str
    size: int = 0


class Claim(Content):
    """One element of FR-APL-02."""

    unit: str
    element: str
    claim: Judgement | None = None
    evidence: list[UUID] = []
    note: str = ""


class FileContent(Content):
    """FR-APL-01, FR-APL-02 and the list of documents, as submitted."""

    form: dict[str, Any] = {}
    documents: list[FiledDocument] = []
    claims: list[Claim] = []
    signature: str = ""
    path: str | None = None


class Check(Content):
    """What the assessor found of one document (VATM)."""

    document_id: UUID
    valid: bool
    authentic: bool
    current: bool
    sufficient: bool
    note: str = ""

    @property
    def is_sound(self) -> bool:
        """Whether nothing is held against the document."""
        return self.valid and self.authentic and self.current and self.sufficient


class UnitPlan(Content):
    """How one unit was to be assessed (FR-POA-01, FR-DAT-01)."""

    unit: str
    approach: str = ""
    methods: list[str] = []
    tools: list[str] = []


class FurtherEvidence(Content):
    """Something shown on the day beyond the file."""

    unit: str
    title: str
    note: str = ""


class Verdict(Content):
    """What the assessor recommends of one unit, and why where the record says otherwise."""

    unit: str
    judgement: Judgement
    note: str = ""


class RecordContent(Content):
    """What was planned, found and recommended (FR-POA-01, FR.AK.02)."""

    checks: list[Check] = []
    plan: list[UnitPlan] = []
    checklist: dict[str, str] = {}
    judgements: dict[str, dict[str, Judgement]] = {}
    further_evidence: list[FurtherEvidence] = []
    units: list[Verdict] = []


class AlteredContent(Refusal):
    """Kept content that no longer has the hash it was told with: 410, nobody is shown it as what was frozen (R12)."""

    status = 410

    def __init__(self, told: str) -> None:
        log.error("the content with the hash %s was altered", told)
        super().__init__(
            "content-altered",
            N_(
                "Isi berkas ini tidak lagi sama dengan yang dibekukan, sehingga tidak ditampilkan. Jangan memutuskan"
                " atas dasar berkas ini; laporkan kepada administrator agar dipulihkan dari cadangan."
            ),
            details={"sha256": told},
        )


def find_submitted_file(session: Session, file_hash: str) -> SubmittedFile | None:
    """The file with this hash; None where only the hash is known. Raises AlteredContent."""
    try:
        row = session.get(SubmittedFile, file_hash)
    except NotReadable as error:
        raise AlteredContent(file_hash) from error
    if row is not None:
        _check_hash(row.content, row.file_hash)
    return row


def read_file_content(row: SubmittedFile | None) -> FileContent | None:
    """What a file that `find_submitted_file` found holds."""
    return FileContent.model_validate_json(row.content) if row else None


def read_record_content(row: Recommendation) -> RecordContent | None:
    """The record of one attempt; None where only its hash is known. Raises AlteredContent."""
    try:
        content = row.record
    except NotReadable as error:
        raise AlteredContent(row.record_hash) from error
    if content is None:
        return None
    _check_hash(content, row.record_hash)
    return RecordContent.model_validate_json(content)


def check_content(session: Session, recommendation: Recommendation) -> None:
    """Raise AlteredContent where the file or the record of an attempt is no longer what was frozen (R12)."""
    find_submitted_file(session, recommendation.file_hash)
    read_record_content(recommendation)


def _check_hash(content: str, told: str) -> None:
    if hash_text(content) != told:
        raise AlteredContent(told)
