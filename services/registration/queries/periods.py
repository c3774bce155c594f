"""Certification periods as anybody may see them (process 2.1; R21)."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.registration.models import Period
from services.registration.queries.views import PeriodView, describe_period
from shared import clock
from shared.schemes import shipped_schemes


def list_announced_periods(session: Session, *, open_only: bool = False) -> list[PeriodView]:
    """Return the periods open or to come, the first to close first; with `open_only` those open today."""
    day = clock.today()
    wanted = select(Period).where(Period.closes_on >= day).order_by(Period.closes_on, Period.id)
    if open_only:
        wanted = wanted.where(Period.opens_on <= day)
    titles = {scheme.id: scheme.title.id for scheme in shipped_schemes().all()}
    return [describe_period(period, day, titles) for period in session.scalars(wanted)]


def has_open_place(session: Session, scheme_id: str) -> bool:
    """Whether one can file for the scheme today: a period is open for it and has a place left (process 2.1)."""
    return any(
        quota.scheme_id == scheme_id and quota.left > 0
        for period in list_announced_periods(session, open_only=True)
        for quota in period.quotas
    )


def list_all_periods(session: Session) -> list[PeriodView]:
    """Return all periods for the secretariat, the newest first, at most 200."""
    titles = {scheme.id: scheme.title.id for scheme in shipped_schemes().all()}
    found = session.scalars(select(Period).order_by(Period.opens_on.desc(), Period.id).limit(200))
    return [describe_period(period, clock.today(), titles) for period in found]
