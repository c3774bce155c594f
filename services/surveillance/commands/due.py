"""What time brings: windows, reminders, overdue reports, invitations (process 2.11, 2.12; domain handbook 7).

Each takes a handful of rows that nobody else holds (FOR UPDATE SKIP LOCKED), changes them so that they are not due a
second time, and says how many it took: safe in any number of replicas, however often it is called.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, or_, select
from sqlalchemy.orm import Session, aliased

from services.surveillance.domain import workflow
from services.surveillance.domain.dates import is_overdue, nearest_step, reached_step
from services.surveillance.domain.workflow import UNFINISHED, State
from services.surveillance.models import LIVING, Holding, Renewal, Surveillance
from shared.audit import record_act
from shared.contracts.surveillance import (
    RecertificationInvited,
    SurveillanceOpened,
    SurveillanceOverdue,
    SurveillanceReminded,
)
from shared.messaging.outbox import announce
from shared.security.actor import SYSTEM

BATCH = 100


def open_report_windows(session: Session, day: date, window_days: int, reminder_days: Sequence[int]) -> int:
    """The window of a report opens. Opening it late (the clock jumped) counts as the reminders it jumped over."""
    rows = _due(session, State.SCHEDULED, day, Surveillance.due_on <= day + timedelta(days=window_days))
    for row in rows:
        row.goes_to(workflow.apply_opening(row.state))
        row.reminded = reached_step((row.due_on - day).days, reminder_days)
        announce(session, row, SurveillanceOpened(**row.as_told(), due_on=row.due_on))
        _note(session, "open", row, State.SCHEDULED)
    return len(rows)


def mark_reports_overdue(session: Session, day: date) -> int:
    """The anniversary has passed without a report."""
    rows = _due(session, State.OPEN, day, Surveillance.due_on < day)
    for row in rows:
        if is_overdue(row.due_on, day):
            row.goes_to(workflow.apply_overdue(row.state))
            announce(session, row, SurveillanceOverdue(**row.as_told(), due_on=row.due_on))
            _note(session, "overdue", row, State.OPEN)
    return len(rows)


def remind_holders(session: Session, day: date, reminder_days: Sequence[int]) -> int:
    """The report of an open window is still missing: the nearest step only, each at most once."""
    told = 0
    for upper, lower in _bands(reminder_days, 0):
        for row in _due(
            session, State.OPEN, day, *_within(Surveillance.due_on, Surveillance.reminded, day, upper, lower)
        ):
            left = (row.due_on - day).days
            row.reminded = nearest_step(left, reminder_days, row.reminded)
            announce(session, row, SurveillanceReminded(**row.as_told(), due_on=row.due_on, days_left=left))
            told += 1
    return told


def invite_to_renew(session: Session, day: date, invitation_days: Sequence[int]) -> int:
    """Invite to renew at the nearest step: not who has applied or been renewed already, nor whose certificate ended."""
    told = 0
    for upper, lower in _bands(invitation_days, 0):
        query = (
            select(Holding)
            .where(
                Holding.status.in_(LIVING),
                *_within(Holding.expires_on, Holding.invited, day, upper, lower),
                ~is_renewal_filed(),
                ~is_holding_followed(),
            )
            .order_by(Holding.expires_on)
        )
        for holding in session.scalars(_claimed(query, Holding)):
            left = (holding.expires_on - day).days
            holding.invited = nearest_step(left, invitation_days, holding.invited)
            announce(
                session,
                holding,
                RecertificationInvited(
                    **holding.as_told(),
                    application_id=holding.application_id,
                    scheme_id=holding.scheme_id,
                    scheme_title=holding.scheme_title,
                    expires_on=holding.expires_on,
                    days_left=left,
                ),
            )
            record_act(session, SYSTEM, "recertification:invite", holding.subject, after={"days_left": left})
            told += 1
    return told


def lapse_ended_reports(session: Session, day: date) -> int:
    """Reports of certificates that have ended, or that another follows, are not waited for any longer."""
    query = (
        select(Surveillance)
        .join(Surveillance.holding)
        .where(
            Surveillance.state.in_(UNFINISHED),
            or_(Holding.status.not_in(LIVING), Holding.expires_on <= day, is_holding_followed()),
        )
    )
    rows = session.scalars(_claimed(query, Surveillance)).all()
    for row in rows:
        before = row.state
        row.goes_to(workflow.apply_lapse(row.state))
        _note(session, "lapse", row, before)
    return len(rows)


def is_renewal_filed() -> ColumnElement[bool]:
    """Whether the holder has an application to renew this certificate under way."""
    return exists(
        select(Renewal.application_id).where(
            Renewal.number == Holding.number,
            Renewal.applicant_id == Holding.holder_id,
            Renewal.withdrawn.is_(False),
            Renewal.failed.is_(False),
        )
    )


def is_holding_followed() -> ColumnElement[bool]:
    """Whether another certificate of the same holder follows this one."""
    newer = aliased(Holding)
    return exists(select(newer.id).where(newer.renews == Holding.number, newer.holder_id == Holding.holder_id))


def _due(session: Session, state: State, day: date, *conditions: ColumnElement[bool]) -> Sequence[Surveillance]:
    """Reports in `state` of certificates that still live on `day`."""
    query = (
        select(Surveillance)
        .join(Surveillance.holding)
        .where(
            Surveillance.state == state,
            Holding.status.in_(LIVING),
            Holding.expires_on > day,
            ~is_holding_followed(),
            *conditions,
        )
        .order_by(Surveillance.due_on)
    )
    return session.scalars(_claimed(query, Surveillance)).all()


def _claimed(query: Select[Any], model: type[Any]) -> Select[Any]:
    return query.limit(BATCH).with_for_update(skip_locked=True, of=model)


def _bands(steps: Sequence[int], end: int) -> Iterator[tuple[int, int]]:
    """(180, 90), (90, 30), ...: from a step down to the next, `end` at last."""
    return pairwise([*sorted(set(steps), reverse=True), end])


def _within(last: Any, told: Any, day: date, upper: int, lower: int) -> tuple[ColumnElement[bool], ...]:
    """`last` is at most `upper` and more than `lower` days away, and `upper` has not been told of."""
    return (
        last <= day + timedelta(days=upper),
        last > day + timedelta(days=lower),
        or_(told.is_(None), told > upper),
    )


def _note(session: Session, act: str, row: Surveillance, before: State) -> None:
    record_act(
        session,
        SYSTEM,
        f"surveillance:{act}",
        row.subject,
        before={"state": before.value},
        after={"state": row.state.value},
    )
