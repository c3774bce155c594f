"""What time brings: windows, reminders, overdue reports, invitations (process 2.11, 2.12; domain handbook 7).

Each function takes at most `BATCH` rows that no other replica holds (FOR UPDATE SKIP LOCKED), changes them so that they
are not due a second time, and returns how many it took; the caller goes on until that is 0.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from services.surveillance.domain import workflow
from services.surveillance.domain.dates import is_overdue, nearest_step, reached_step
from services.surveillance.domain.workflow import UNFINISHED, State
from services.surveillance.models import LIVING, Holding, Surveillance
from services.surveillance.queries.renewals import is_holding_followed, is_renewal_filed
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
    """Open the reports whose due date is at most `window_days` away, and tell SurveillanceOpened of each.

    One that is opened late, because the clock jumped, counts as reminded at the steps that were jumped over.
    """
    rows = _due(session, State.SCHEDULED, day, Surveillance.due_on <= day + timedelta(days=window_days))
    for row in rows:
        row.goes_to(workflow.apply_opening(row.state))
        row.reminded = reached_step((row.due_on - day).days, reminder_days)
        announce(session, row, SurveillanceOpened(**row.as_told(), due_on=row.due_on))
        _note(session, "open", row, State.SCHEDULED)
    return len(rows)


def mark_reports_overdue(session: Session, day: date) -> int:
    """Mark the open reports whose due date is before `day`, and tell SurveillanceOverdue of each."""
    rows = _due(session, State.OPEN, day, Surveillance.due_on < day)
    for row in rows:
        if is_overdue(row.due_on, day):  # the query asks the same: the rule itself stands in the domain
            row.goes_to(workflow.apply_overdue(row.state))
            announce(session, row, SurveillanceOverdue(**row.as_told(), due_on=row.due_on))
            _note(session, "overdue", row, State.OPEN)
    return len(rows)


def remind_holders(session: Session, day: date, reminder_days: Sequence[int]) -> int:
    """Remind of open reports at the nearest of `reminder_days` before the due date, and tell SurveillanceReminded.

    Each step is told at most once; of several that were jumped over, only the one nearest to the due date.
    """
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
    """Invite holders to renew at the nearest of `invitation_days` before expiry, and tell RecertificationInvited.

    Nobody is invited who has applied to renew, holds the next certificate already, or whose certificate has ended.
    """
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
    """Let reports lapse whose certificate has ended or is followed by another: nobody waits for them any longer."""
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
    """A batch of the rows, locked; those another replica works on are passed over."""
    return query.limit(BATCH).with_for_update(skip_locked=True, of=model)


def _bands(steps: Sequence[int], end: int) -> Iterator[tuple[int, int]]:
    """Each step with the next lower one, the last with `end`: (180, 90), (90, 30), (30, 7), (7, 0)."""
    return pairwise([*sorted(set(steps), reverse=True), end])


def _within(last: Any, told: Any, day: date, upper: int, lower: int) -> tuple[ColumnElement[bool], ...]:
    """SQL conditions: `last` is at most `upper` and more than `lower` days away, and step `upper` was not yet told."""
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
