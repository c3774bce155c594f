"""What is shown of the whole file of a case: to those who decide on it, and to nobody else (R1, R7, R12)."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel

from services.decision.domain.deviations import DeviationKind
from services.decision.queries.dossier_content import Check
from services.decision.queries.filed_form import FormSection
from services.decision.queries.views import CaseSummary
from shared.contracts.words import Judgement
from shared.schemes import Method


class WhichAttempt(BaseModel):
    """Which attempt; the latest where none is named."""

    attempt: int | None = None


class EvidenceView(BaseModel):
    """A document of the file as submitted; `address` gives its bytes, compared with `sha256` when they are."""

    document_id: UUID
    title: str
    sha256: str
    size: int
    address: str
    active_content: list[str] | None
    check: Check | None


class ClaimView(BaseModel):
    """What the candidate says of one element, and the titles of the documents named for it."""

    element: str
    title: str
    claim: Judgement | None
    evidence: list[str]
    note: str


class MethodView(BaseModel):
    """What one method showed of a unit (FR.AK.02)."""

    method: Method | str
    found: Judgement | None


class FurtherView(BaseModel):
    """Something shown on the day beyond the file."""

    title: str
    note: str


class UnitDossier(BaseModel):
    """One unit: what is recommended, with everything it rests on beside it."""

    unit: str
    title: str
    recommended: Judgement | None
    standing: Judgement | None
    shown: Judgement | None
    note: str
    approach: str
    tools: list[str]
    methods: list[MethodView]
    claims: list[ClaimView]
    evidence: list[EvidenceView]
    further: list[FurtherView]
    deviations: list[DeviationKind]


class DeviationView(BaseModel):
    """What does not go the expected way: of which unit or document, and what the assessor said of it."""

    kind: DeviationKind
    about: str
    unit: str
    note: str


class ReadingView(BaseModel):
    """Who has declared, and when he or she opened the file first and last; None for who never did."""

    name: str
    declared_at: datetime
    first_at: datetime | None
    last_at: datetime | None


class DossierView(BaseModel):
    """The whole file of one attempt. `has_file` and `has_record` are false where only hashes were told."""

    case: CaseSummary
    scheme_version: str
    renews: str | None
    attempt: int
    attempts: list[int]
    has_file: bool
    has_record: bool
    submitted_at: datetime | None
    signature: str
    form: list[FormSection]
    evidence: list[EvidenceView]
    units: list[UnitDossier]
    deviations: list[DeviationView]
    assessor_name: str
    assessed_on: date
    met_valid_until: date | None
    place: str
    centre_verified_until: date | None
    note: str
    file_hash: str
    record_hash: str
