"""What is shown of schemes, periods and applications: the same for the API and the pages."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

from pydantic import BaseModel

from services.registration.domain.application import DocumentKind
from services.registration.domain.form import Form
from services.registration.domain.self_assessment import Claim
from services.registration.domain.workflow import Stage, State
from services.registration.models import Application, Document, Period
from shared.active_content import ActiveContent
from shared.schemes import Scheme


class Say(Protocol):
    """Puts a msgid into the language of who asks, its {placeholders} filled."""

    def __call__(self, message: str, **params: Any) -> str: ...


def say_in_indonesian(message: str, **params: Any) -> str:
    """Return the message in Indonesian, as it stands, its placeholders filled."""
    return message.format_map(params) if params else message


class SchemeLine(BaseModel):
    """A scheme in a list."""

    id: str
    version: str
    title: str
    title_en: str


class DocumentView(BaseModel):
    """`path` downloads it. `active_content` is what else than text and pictures is in it, null when not looked at."""

    id: UUID
    kind: DocumentKind
    title: str
    file_name: str
    content_type: str
    size: int
    sha256: str
    uploaded_at: datetime
    path: str
    active_content: list[ActiveContent] | None


class MissingView(BaseModel):
    """One thing that an admission path lacks."""

    code: str
    message: str


class PathView(BaseModel):
    """One admission path and what is missing for it (domain handbook 3.1)."""

    path: str
    title: str
    met: bool
    missing: list[MissingView]


class FindingView(BaseModel):
    """One item of a file and the verdict on it; null while there is none."""

    item: str
    label: str
    verdict: str | None
    reason: str


class RoundView(BaseModel):
    """One filing and what became of it: `outcome` is returned, admitted or null while it is looked at."""

    number: int
    filed_at: datetime
    outcome: str | None
    note: str
    decided_at: datetime | None
    findings: list[FindingView]


class StepView(BaseModel):
    """One thing that happened. `details` holds what the stage told of it."""

    stage: Stage
    at: datetime
    title: str
    details: dict[str, Any]


class RequirementsView(BaseModel):
    """What was shown before filing (R20); `current` is false when it has changed since, or was never shown."""

    version: str
    shown_at: datetime | None
    current: bool


class ApplicationLine(BaseModel):
    """One application in a list. `stage` is the latest that happened to it."""

    id: UUID
    state: State
    stage: Stage | None
    status: str
    next: str
    scheme: SchemeLine
    round: int
    filed_at: datetime | None
    updated_at: datetime
    renews: str | None


class ApplicationView(ApplicationLine):
    """The whole application for its owner or the secretariat. `problems` is what still stands against filing."""

    version: int
    applicant_id: UUID
    period_id: UUID | None
    form: Form
    requirements: RequirementsView
    paths: list[PathView]
    path: str | None
    problems: dict[str, str]
    documents: list[DocumentView]
    rounds: list[RoundView]
    timeline: list[StepView]
    verifier_id: UUID | None
    admitted_at: datetime | None


class ItemView(FindingView):
    """One item to verify, with the documents that belong to it."""

    documents: list[DocumentView]


class VerificationView(BaseModel):
    """A filed application as the secretariat verifies it; `warnings` are doubts, never refusals."""

    application: ApplicationView
    items: list[ItemView]
    warnings: list[str]
    complete: bool


class VerificationLine(BaseModel):
    """One file in the secretariat's list; the NIK is masked."""

    id: UUID
    name: str
    nik: str
    scheme: SchemeLine
    state: State
    round: int
    waiting_since: datetime | None
    renews: str | None


class SelfAssessmentView(BaseModel):
    """FR-APL-02: one claim per element of the scheme, in its order."""

    application_id: UUID
    version: int
    state: State
    open: bool
    scheme: SchemeLine
    claims: list[Claim]
    submitted_at: datetime | None
    file_hash: str | None
    documents: list[DocumentView]
    returned: list[dict[str, str]]
    returned_note: str


class QuotaView(BaseModel):
    """How many may apply for one scheme in a period, and how many places are left."""

    scheme_id: str
    title: str
    quota: int
    left: int


class PeriodView(BaseModel):
    """`open` says whether one can file today."""

    id: UUID
    version: int
    title: str
    place: str
    schedule: str
    opens_on: date
    closes_on: date
    open: bool
    quotas: list[QuotaView]


class RenewableView(BaseModel):
    """A certificate of one's own to be renewed from `renewable_from` on; `invited` when the body has asked for it."""

    number: str
    scheme_title: str
    expires_on: date
    renewable_from: date
    renewable: bool
    invited: bool


def describe_scheme(scheme: Scheme) -> SchemeLine:
    """Return the scheme as a line."""
    return SchemeLine(id=scheme.id, version=scheme.version, title=scheme.title.id, title_en=scheme.title.en)


def describe_document(document: Document) -> DocumentView:
    """Return the document with the path that downloads it."""
    return DocumentView(
        id=document.id,
        kind=document.kind,
        title=document.title,
        file_name=document.file_name,
        content_type=document.content_type,
        size=document.size,
        sha256=document.sha256,
        uploaded_at=document.uploaded_at,
        path=f"/registration/documents/{document.id}",
        active_content=document.active_content,
    )


def describe_period(period: Period, day: date, titles: Mapping[str, str]) -> PeriodView:
    """Return the period as it is on `day` (Jakarta); `titles` are those of the schemes by id."""
    return PeriodView(
        id=period.id,
        version=period.version,
        title=period.title,
        place=period.place,
        schedule=period.schedule,
        opens_on=period.opens_on,
        closes_on=period.closes_on,
        open=period.is_open(day),
        quotas=[
            QuotaView(
                scheme_id=row.scheme_id, title=titles.get(row.scheme_id, row.scheme_id), quota=row.quota, left=row.left
            )
            for row in period.quotas
        ],
    )


def describe_documents(application: Application) -> list[DocumentView]:
    """Return the documents of the file as it is now."""
    return [describe_document(document) for document in application.present]
