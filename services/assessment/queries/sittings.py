"""Sittings: the calendar, and who sits in each."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from uuid import UUID

from pydantic import Field
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.assessment.access import READERS
from services.assessment.commands.inputs import Day
from services.assessment.domain.workflow import SEATED
from services.assessment.models import Case, Sitting, SittingReport
from services.assessment.models.sittings import SittingState
from services.assessment.queries.lines import describe_case_line
from services.assessment.queries.views import ReportView, SittingLine, SittingView
from shared import clock
from shared.errors import N_, NotFound
from shared.pagination import Page, PageQuery, paginate
from shared.security.actor import Actor


class SittingQuery(PageQuery):
    """From `since` to `until`, days included; from today on where nothing is said."""

    since: Day | None = Field(None, description="First day.")
    until: Day | None = Field(None, description="Last day.")
    centre: UUID | None = Field(None, description="Only at this TUK.")


def list_sittings(session: Session, actor: Actor, query: SittingQuery) -> Page[SittingLine]:
    """A page of the sittings of the days asked for, the earliest first.

    Staff see all of them; an assessor sees those with a case of his or her own.
    """
    first = query.since or clock.today()
    statement = select(Sitting).where(Sitting.starts_at >= _midnight(first)).order_by(Sitting.starts_at, Sitting.id)
    if query.until is not None:
        statement = statement.where(Sitting.starts_at < _midnight(query.until + timedelta(1)))
    if query.centre is not None:
        statement = statement.where(Sitting.centre_id == query.centre)
    if query.status in set(SittingState):
        statement = statement.where(Sitting.state == SittingState(query.status))
    if not actor.has(*READERS):
        own = select(Case.sitting_id).where(Case.assessor_id == actor.id, Case.sitting_id.is_not(None))
        statement = statement.where(Sitting.id.in_(own))
    found = paginate(session, statement, query, lambda row: row)
    return Page[SittingLine](
        items=describe_sittings(session, found.items), page=found.page, size=found.size, total=found.total
    )


def list_sittings_today(session: Session) -> list[SittingLine]:
    """The sittings of today that were not called off, the earliest first; 100 at most."""
    begins, ends = _midnight(clock.today()), _midnight(clock.today() + timedelta(1))
    statement = (
        select(Sitting)
        .where(Sitting.starts_at >= begins, Sitting.starts_at < ends, Sitting.state == SittingState.PLANNED)
        .order_by(Sitting.starts_at)
        .limit(100)
    )
    return describe_sittings(session, session.scalars(statement).all())


def list_upcoming_sittings(session: Session) -> list[SittingLine]:
    """The planned sittings that begin today or later, the earliest first; 100 at most. A case can be put into them."""
    statement = (
        select(Sitting)
        .where(Sitting.starts_at >= _midnight(clock.today()), Sitting.state == SittingState.PLANNED)
        .order_by(Sitting.starts_at)
        .limit(100)
    )
    return describe_sittings(session, session.scalars(statement).all())


def view_sitting(session: Session, actor: Actor, sitting_id: UUID) -> SittingView:
    """A sitting with its candidates; of an assessor who is not staff, with his or her own. Raises NotFound."""
    sitting = session.get(Sitting, sitting_id)
    statement = (
        select(Case).where(Case.sitting_id == sitting_id, Case.state.in_(SEATED)).order_by(Case.created_at, Case.id)
    )
    reports = select(SittingReport).where(SittingReport.sitting_id == sitting_id)
    if not actor.has(*READERS):
        statement = statement.where(Case.assessor_id == actor.id)
        reports = reports.where(SittingReport.assessor_id == actor.id)
    cases = session.scalars(statement).all()
    if sitting is None or not (cases or actor.has(*READERS)):
        raise NotFound("sitting-unknown", N_("Sesi tidak ditemukan."))
    [line] = describe_sittings(session, [sitting])
    return SittingView(
        **line.model_dump(),
        cases=[describe_case_line(case) for case in cases],
        reports=[
            ReportView(
                assessor_id=each.assessor_id,
                assessor_name=each.assessor_name,
                summary=each.summary,
                aspects=each.aspects,
                suggestions=each.suggestions,
                written_at=each.written_at,
            )
            for each in session.scalars(reports)
        ],
    )


def describe_sittings(session: Session, sittings: Iterable[Sitting]) -> list[SittingLine]:
    """The sittings as lines of a list, each with how many candidates are seated; counted in one query for all."""
    rows = list(sittings)
    counted = (
        select(Case.sitting_id, func.count())
        .where(Case.sitting_id.in_([row.id for row in rows]), Case.state.in_(SEATED))
        .group_by(Case.sitting_id)
    )
    seated = {row[0]: row[1] for row in session.execute(counted)}
    return [
        SittingLine(
            id=row.id,
            centre_id=row.centre_id,
            centre_name=row.centre.name,
            address=row.centre.address,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            state=row.state,
            seated=seated.get(row.id, 0),
            capacity=row.centre.capacity,
            note=row.note,
        )
        for row in rows
    ]


def _midnight(day: Day) -> datetime:
    return datetime.combine(day, time(), clock.JAKARTA)
