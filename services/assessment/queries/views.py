"""The shapes that are read, as JSON and by templates."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel

from services.assessment.domain.impartiality import Obstacle
from services.assessment.domain.paperfile import Tick
from services.assessment.domain.preassessment import Briefing, Explanation
from services.assessment.domain.venue import CentreKind
from services.assessment.domain.workflow import Act, State
from services.assessment.models.sittings import SittingState
from shared.active_content.kinds import KnownKinds
from shared.contracts.words import Judgement
from shared.schemes import Method


class AccountView(BaseModel):
    """An account that could be entered into the register."""

    id: UUID
    name: str
    email: str


class AssessorView(BaseModel):
    """`valid` is whether the MET registration holds today."""

    id: UUID
    name: str
    met_number: str
    valid_until: date
    schemes: list[str]
    active: bool
    valid: bool


class CentreView(BaseModel):
    """A TUK of the register. `valid` is whether its verification holds today."""

    id: UUID
    name: str
    kind: CentreKind
    address: str
    verified_until: date
    schemes: list[str]
    capacity: int
    active: bool
    valid: bool


class ChoiceView(BaseModel):
    """Somebody who might assess a case: open cases in hand, and what stands in the way."""

    id: UUID
    name: str
    met_number: str
    valid_until: date
    open_cases: int
    obstacles: list[Obstacle]


class UnitView(BaseModel):
    """A unit of competency with its title."""

    code: str
    title: str


class CaseLine(BaseModel):
    """A case in a list. `since`: when it came into its state."""

    id: UUID
    application_id: UUID
    attempt: int
    applicant_name: str
    scheme_id: str
    scheme_title: str
    state: State
    since: datetime
    assessor_id: UUID | None
    assessor_name: str
    starts_at: datetime | None


class AssignmentView(BaseModel):
    """Who was to assess a case, from when until when, and how it ended."""

    assessor_name: str
    assigned_at: datetime
    cleared_at: datetime | None
    ended_at: datetime | None
    ending: str | None
    reason: str


class DocumentView(BaseModel):
    """One document of the file; its bytes are at `path`, with registration.

    `active_content` is what else than text and pictures is in it, null when it was not looked through.
    """

    document_id: UUID
    kind: str
    title: str
    sha256: str
    path: str
    active_content: KnownKinds | None


class ClaimView(BaseModel):
    """What the candidate claims of one element (FR-APL-02), and the documents that are to show it."""

    unit: str
    element: str
    title: str
    claim: Judgement
    evidence: list[UUID]
    note: str


class FileView(BaseModel):
    """What a cleared assessor works from."""

    round: int
    submitted_at: datetime | None
    file_hash: str
    documents: list[DocumentView]
    claims: list[ClaimView]
    adjustment_needed: bool
    adjustment_note: str


class CheckView(BaseModel):
    """What the assessor found of one document (VATM)."""

    document_id: UUID
    valid: bool
    authentic: bool
    current: bool
    sufficient: bool
    note: str


class PlannedUnitView(BaseModel):
    """How the evidence of one unit is gathered (FR-POA-01), with which instruments (FR-DAT-01)."""

    unit: str
    approach: str
    methods: list[Method]
    tools: list[str]


class MendingView(BaseModel):
    """One item that went back to the candidate, and why."""

    item: str
    reason: str


class ConsultationView(BaseModel):
    """One pre-assessment; `adjustments` only for the two it concerns."""

    number: int
    at: datetime
    place: str
    checks: list[CheckView]
    explanations: list[Explanation]
    briefings: list[Briefing]
    plan: list[PlannedUnitView]
    adjustments: str
    proposed_at: datetime | None
    disagreement: str
    agreed_at: datetime | None
    reasons: list[MendingView]
    note: str
    closed_at: datetime | None


class SittingLine(BaseModel):
    """`seated` candidates of `capacity` seats."""

    id: UUID
    centre_id: UUID
    centre_name: str
    address: str
    starts_at: datetime
    ends_at: datetime
    state: SittingState
    seated: int
    capacity: int
    note: str


class ReportView(BaseModel):
    """One assessor's report of a sitting (FR.AK.05)."""

    assessor_id: UUID
    assessor_name: str
    summary: str
    aspects: str
    suggestions: str
    written_at: datetime


class SittingView(SittingLine):
    """A sitting with its candidates and the reports of it, as far as the reader may see them."""

    cases: list[CaseLine]
    reports: list[ReportView]


class EvidenceView(BaseModel):
    """Something the candidate showed on the day beyond the file."""

    unit: str
    title: str
    note: str


class RecommendedView(BaseModel):
    """What the assessor recommends for one unit."""

    unit: str
    judgement: Judgement
    note: str


class RecordView(BaseModel):
    """The day; judgements and recommendation are not shown to the candidate before the decision."""

    checklist: dict[str, Tick]
    confirmed_at: datetime | None
    ready_at: datetime | None
    judgements: dict[str, dict[Method, Judgement]]
    derived: dict[str, Judgement]
    further_evidence: list[EvidenceView]
    completed_at: datetime | None
    recommended: list[RecommendedView]
    note: str
    recommended_at: datetime | None
    record_hash: str


class CaseView(BaseModel):
    """A case as its reader may see it; what is not his or hers to see is null or empty.

    `acts` is what the reader can do now. Until the assessor has declared impartiality he or she sees the name and the
    scheme alone (R4).
    """

    id: UUID
    application_id: UUID | None
    attempt: int | None
    applicant_name: str
    scheme_id: str
    scheme_title: str
    state: State
    since: datetime
    assessor_id: UUID | None
    assessor_name: str
    acts: list[Act]
    units: list[UnitView]
    refused_units: list[UnitView]
    methods: list[Method]
    assignments: list[AssignmentView]
    file: FileView | None
    consultation: ConsultationView | None
    earlier_consultations: list[ConsultationView]
    sitting: SittingLine | None
    bring: list[str]
    record: RecordView | None


class HistoryLine(BaseModel):
    """One act on a case, as the audit log holds it (R26)."""

    at: datetime
    actor_name: str
    action: str
    before: dict[str, object] | None
    after: dict[str, object] | None


class WorkView(BaseModel):
    """What waits for whoever asks; lists that are not theirs are empty. The oldest first, 100 of each at most."""

    to_assign: list[CaseLine]
    to_schedule: list[CaseLine]
    stuck: list[CaseLine]
    to_assess: list[CaseLine]
    reports_due: list[SittingLine]
    own: list[CaseLine]
    sittings_today: list[SittingLine]
