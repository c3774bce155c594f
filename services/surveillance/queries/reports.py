"""Reports: one in full, and lists of those that wait for somebody."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, selectinload

from services.surveillance.access import require_readable_holding
from services.surveillance.domain.dates import window_opening
from services.surveillance.domain.report import Report
from services.surveillance.domain.workflow import REPORTABLE, Outcome, State, list_possible_outcomes
from services.surveillance.models import LIVING, STATUSES_IN_FORCE, Document, FiledReport, Holding, Review, Surveillance
from shared.active_content import ActiveContent
from shared.clock import today
from shared.errors import NotFound
from shared.pagination import Page, PageQuery, contains_text, paginate
from shared.schemes import shipped_schemes
from shared.security.actor import Actor
from shared.settings import settings


class SurveillanceSummary(BaseModel):
    """One year's surveillance as a list shows it. `until` is the day by which the next step is due."""

    surveillance_id: UUID
    certificate_id: UUID
    certificate_number: str
    holder_name: str
    scheme_title: str
    year: int
    opens_on: date
    due_on: date
    state: State
    waiting_since: datetime
    answer_by: date | None
    until: date
    can_report: bool
    settled_at: datetime | None


class UnitView(BaseModel):
    """A unit on the certificate, with its title where the scheme is known."""

    code: str
    title_id: str
    title_en: str


class FiledReportView(BaseModel):
    """A report as it was handed in; `sha256` is of its canonical JSON."""

    round: int
    filed_at: datetime
    sha256: str
    content: Report


class ReviewView(BaseModel):
    """What a reviewer found; `answer_by` is the last day for the clarification asked for."""

    outcome: Outcome
    reasons: str
    answer_by: date | None
    reviewer_name: str
    at: datetime


class DocumentView(BaseModel):
    """A document uploaded for a report; `active_content` as its row has it."""

    document_id: UUID
    name: str
    content_type: str
    size: int
    sha256: str
    uploaded_at: datetime
    active_content: list[ActiveContent] | None


class SurveillanceView(SurveillanceSummary):
    """In full: the draft is the holder's alone; `outcomes` are what a review can come to now."""

    units: list[UnitView]
    draft: Report | None
    reports: list[FiledReportView]
    reviews: list[ReviewView]
    documents: list[DocumentView]
    outcomes: list[Outcome]


def view_surveillance(session: Session, actor: Actor, surveillance_id: UUID) -> SurveillanceView:
    """One year's surveillance in full: one's own, or anybody's for officers and auditors. Raises NotFound.

    The draft is shown to the holder alone.
    """
    row = session.get(Surveillance, surveillance_id)
    require_readable_holding(actor, row.holding if row else None)
    assert row is not None  # noqa: S101 - refused above, for there is a holding only with a row
    summary = summarise_surveillance(row)
    own = row.holding.holder_id == actor.id
    return SurveillanceView(
        **summary.model_dump(),
        units=describe_units(row.holding),
        draft=row.draft if own else None,
        reports=[_filed(report) for report in row.reports],
        reviews=[_review(review) for review in row.reviews],
        documents=[describe_evidence(document) for document in row.documents],
        outcomes=list_possible_outcomes(row.state, answer_by=row.answer_by, today=today())
        if _lives(row.holding)
        else [],
    )


def list_waiting_reviews(session: Session, query: PageQuery) -> Page[SurveillanceSummary]:
    """Reports that wait for a reviewer, longest waiting first: handed in, overdue, or not clarified in time."""
    late = (Surveillance.state == State.CLARIFICATION_NEEDED) & (Surveillance.answer_by < today())
    states = or_(Surveillance.state.in_((State.REPORTED, State.OVERDUE)), late)
    return paginate(session, _listed(query).where(states), query, summarise_surveillance, sorts=SORTS)


def list_proposals(session: Session, query: PageQuery) -> Page[SurveillanceSummary]:
    """Suspensions and withdrawals proposed by reviewers that the officers have yet to decide, longest waiting first."""
    suspension = (Surveillance.state == State.SUSPENSION_PROPOSED) & Holding.status.in_(STATUSES_IN_FORCE)
    withdrawal = (Surveillance.state == State.WITHDRAWAL_PROPOSED) & Holding.status.in_(LIVING)
    undecided = _listed(query).where(Surveillance.settled_at.is_(None), or_(suspension, withdrawal))
    return paginate(session, undecided, query, summarise_surveillance, sorts=SORTS)


def summarise_surveillance(row: Surveillance) -> SurveillanceSummary:
    """One year's surveillance as a list shows it."""
    holding = row.holding
    return SurveillanceSummary(
        surveillance_id=row.id,
        certificate_id=holding.id,
        certificate_number=holding.number,
        holder_name=holding.holder_name,
        scheme_title=holding.scheme_title,
        year=row.year,
        opens_on=window_opening(row.due_on, settings().surveillance_window_days),
        due_on=row.due_on,
        state=row.state,
        waiting_since=row.waiting_since,
        answer_by=row.answer_by,
        until=row.answer_by or row.due_on,
        can_report=_lives(holding) and row.state in REPORTABLE,
        settled_at=row.settled_at,
    )


def _lives(holding: Holding) -> bool:
    return holding.status in LIVING and today() < holding.expires_on


def describe_units(holding: Holding) -> list[UnitView]:
    """The certificate's units with their titles in the scheme version it was issued under (R27).

    Titles are empty where that version is not shipped with the system.
    """
    try:
        scheme = shipped_schemes().get(holding.scheme_id, holding.scheme_version)
    except NotFound:
        return [UnitView(code=code, title_id="", title_en="") for code in holding.units]
    known = {code: scheme.unit(code) for code in holding.units}
    return [
        UnitView(code=code, title_id=unit.title.id if unit else "", title_en=unit.title.en if unit else "")
        for code, unit in known.items()
    ]


def describe_evidence(document: Document) -> DocumentView:
    """A document as pages and API show it, without the key of its bytes."""
    return DocumentView(
        document_id=document.id,
        name=document.name,
        content_type=document.content_type,
        size=document.size,
        sha256=document.sha256,
        uploaded_at=document.uploaded_at,
        active_content=document.active_content,
    )


SORTS = {
    "waiting_since": Surveillance.waiting_since,
    "due_on": Surveillance.due_on,
    "number": Holding.number,
    "holder_name": Holding.holder_name,
}


def _listed(query: PageQuery) -> Select[Surveillance]:
    statement = select(Surveillance).join(Surveillance.holding)
    if query.status:
        statement = statement.where(Surveillance.state == query.status)
    if query.q:
        statement = statement.where(contains_text(query.q, Holding.number, Holding.holder_name))
    return statement


def _filed(report: FiledReport) -> FiledReportView:
    return FiledReportView(
        round=report.round,
        filed_at=report.filed_at,
        sha256=report.sha256,
        content=report.content,
    )


def _review(review: Review) -> ReviewView:
    return ReviewView(
        outcome=review.outcome,
        reasons=review.reasons,
        answer_by=review.answer_by,
        reviewer_name=review.reviewer_name,
        at=review.at,
    )


def list_years_by_holding(session: Session, ids: Sequence[UUID]) -> dict[UUID, list[SurveillanceSummary]]:
    """The reports of several certificates, by certificate id, each in order of years; one query for all."""
    found: dict[UUID, list[SurveillanceSummary]] = {one: [] for one in ids}
    rows = session.scalars(
        select(Surveillance)
        .where(Surveillance.holding_id.in_(ids))
        .order_by(Surveillance.year)
        .options(selectinload(Surveillance.holding))
    )
    for row in rows:
        found[row.holding_id].append(summarise_surveillance(row))
    return found
