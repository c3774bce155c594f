"""Who stands on the list for BNSP: the assessments with a decision, of a period, a meeting or some days."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from services.registration.body_settings import read_code_tables
from services.registration.domain.request_list import Assessed, Codes, compose_request_row, list_missing_columns
from services.registration.models import NO_PERIOD, Application, Outcome, Period, RequestCodes
from shared.contracts.words import Judgement
from shared.errors import N_, Invalid
from shared.pagination import Page, PageQuery, contains_text, paginate
from shared.security.masking import mask_nik

MOST = 2000
SORTS = {"assessed_on": Outcome.assessed_on, "name": Application.applicant_name}


class RequestQuery(PageQuery):
    """Part of the list; `period` may be `NO_PERIOD` for renewals; both days count."""

    period: UUID | None = Field(None, description="Only of this period; all zeros: applications without one.")
    meeting: UUID | None = Field(None, description="Only decided in this meeting.")
    since: date | None = Field(None, description="Assessed on this day or later.")
    until: date | None = Field(None, description="Assessed on this day or earlier.")

    def asked(self) -> dict[str, Any]:
        """Return what the list was narrowed to, without the page asked for."""
        wanted = self.model_dump(mode="json", include={"period", "meeting", "since", "until", "status", "q"})
        return {name: value for name, value in wanted.items() if value}


class RequestLine(BaseModel):
    """One line as the page shows it: the NIK masked; `missing` are the columns that would be empty."""

    application_id: UUID
    name: str
    nik: str
    attempt: int
    assessed_on: date | None
    assessor_registration: str
    judgement: Judgement
    missing: list[str]


class MeetingLine(BaseModel):
    """A decision meeting and how many decisions it made."""

    meeting_id: UUID
    decided_at: datetime
    decisions: int


class CodesView(BaseModel):
    """BNSP's codes for one period."""

    period_id: UUID
    title: str
    schedule: str
    occupation: str
    budget: str
    ministry: str


def list_request_lines(session: Session, query: RequestQuery) -> Page[RequestLine]:
    """Return a page of the list, the latest assessments first; NIKs are masked."""
    codes = _codes(session)
    return paginate(session, _wanted(query), query, lambda outcome: _line(session, outcome, codes), sorts=SORTS)


def list_request_rows(session: Session, query: RequestQuery) -> tuple[list[tuple[int | str, ...]], list[UUID]]:
    """Return the cells of the whole list and the ids of the applications in it.

    Raises Invalid when it has more than 2000 rows: nobody could check them.
    """
    found = session.execute(
        _wanted(query)
        .add_columns(Application)
        .order_by(None)
        .order_by(Outcome.assessed_on, Application.applicant_name, Outcome.id)
        .limit(MOST + 1)
    ).all()
    if len(found) > MOST:
        message = N_("Daftar ini lebih dari {most} baris. Persempit periode, rapat, atau tanggal ujinya.")
        raise Invalid("request-list-long", message, most=MOST)
    codes = _codes(session)
    return _cells(found, codes), [application.id for _, application in found]


def list_deciding_meetings(session: Session, limit: int = 50) -> list[MeetingLine]:
    """Return the meetings that decided, the latest first, at most `limit`."""
    decided = func.max(Outcome.decided_at)
    found = session.execute(
        select(Outcome.meeting_id, decided, func.count())
        .where(Outcome.meeting_id.is_not(None))
        .group_by(Outcome.meeting_id)
        .order_by(decided.desc())
        .limit(limit)
    )
    return [MeetingLine(meeting_id=meeting, decided_at=at, decisions=number) for meeting, at, number in found]


def view_request_codes(session: Session, period_id: UUID) -> CodesView:
    """Return the codes of one period; empty where none were kept."""
    period = session.get(Period, period_id)
    codes = session.get(RequestCodes, period_id) or RequestCodes(schedule="", occupation="", budget="", ministry="")
    return CodesView(
        period_id=period_id,
        title=period.title if period else "",
        schedule=codes.schedule,
        occupation=codes.occupation,
        budget=codes.budget,
        ministry=codes.ministry,
    )


def _wanted(query: RequestQuery) -> Select[Any]:
    wanted = (
        select(Outcome)
        .join(Application, Application.id == Outcome.application_id)
        .where(Outcome.judgement.is_not(None))
        .order_by(Outcome.assessed_on.desc(), Application.applicant_name, Outcome.id)
    )
    if query.period is not None:
        of_period = Application.period_id.is_(None) if query.period == NO_PERIOD else None
        wanted = wanted.where(Application.period_id == query.period if of_period is None else of_period)
    if query.meeting is not None:
        wanted = wanted.where(Outcome.meeting_id == query.meeting)
    if query.since is not None:
        wanted = wanted.where(Outcome.assessed_on >= query.since)
    if query.until is not None:
        wanted = wanted.where(Outcome.assessed_on <= query.until)
    if query.status in {judgement.value for judgement in Judgement}:
        wanted = wanted.where(Outcome.judgement == Judgement(query.status))
    if query.q:
        wanted = wanted.where(contains_text(query.q, Application.applicant_name))
    return wanted


def _line(session: Session, outcome: Outcome, codes: dict[UUID, Codes]) -> RequestLine:
    application = session.get_one(Application, outcome.application_id)
    cells = compose_request_row(1, _assessed(outcome, application), _codes_for(application, codes), read_code_tables())
    return RequestLine(
        application_id=application.id,
        name=application.applicant_name,
        nik=mask_nik(application.nik),
        attempt=outcome.attempt,
        assessed_on=outcome.assessed_on,
        assessor_registration=outcome.assessor_registration,
        judgement=_judgement(outcome),
        missing=list_missing_columns(cells),
    )


def _cells(found: Iterable[Any], codes: dict[UUID, Codes]) -> list[tuple[int | str, ...]]:
    tables = read_code_tables()
    return [
        compose_request_row(number, _assessed(outcome, application), _codes_for(application, codes), tables)
        for number, (outcome, application) in enumerate(found, 1)
    ]


def _assessed(outcome: Outcome, application: Application) -> Assessed:
    return Assessed(application.read_form(), outcome.assessed_on, outcome.assessor_registration, _judgement(outcome))


def _judgement(outcome: Outcome) -> Judgement:
    assert outcome.judgement is not None  # noqa: S101 - only what was decided is listed
    return outcome.judgement


def _codes(session: Session) -> dict[UUID, Codes]:
    return {
        one.id: Codes(one.schedule, one.occupation, one.budget, one.ministry)
        for one in session.scalars(select(RequestCodes))
    }


def _codes_for(application: Application, codes: dict[UUID, Codes]) -> Codes:
    return codes.get(application.period_id or NO_PERIOD, Codes())
