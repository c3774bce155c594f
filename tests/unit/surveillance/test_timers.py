"""What time brings: once, in order, also when the clock jumps."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from services.surveillance.domain.workflow import State
from services.surveillance.models import Surveillance
from services.surveillance.timers import advance_reports
from shared import clock
from shared.contracts.certificate import CertificateExpired, CertificateSuspended
from shared.contracts.registration import ApplicationFiled, ApplicationWithdrawn
from shared.contracts.surveillance import (
    RecertificationInvited,
    SurveillanceOpened,
    SurveillanceOverdue,
    SurveillanceReminded,
)
from shared.database.unit import Database
from tests.schema import create_tables
from tests.unit.surveillance.facts import hear, issued, told
from tests.unit.surveillance.test_reactions import APPLICATION, AT, SHORT, filed

Move = Callable[[date], None]
DUE = date(2027, 11, 21)
EXPIRES = date(2029, 11, 21)
NUMBER = "91011 2622 5 000001 2026"


def states(database: Database) -> list[State]:
    with database.reading() as session:
        return list(session.scalars(select(Surveillance.state).order_by(Surveillance.year)))


def days_left(database: Database) -> list[int]:
    return [fact.days_left for fact in told(database, RecertificationInvited)]


@pytest.fixture
def held(database: Database) -> Database:
    hear(database, issued())
    return database


def test_the_window_opens_sixty_days_before_and_is_told_once(held: Database, on_day: Move) -> None:
    on_day(DUE - timedelta(days=61))
    advance_reports(held)
    assert told(held, SurveillanceOpened) == []
    on_day(DUE - timedelta(days=60))
    advance_reports(held)
    advance_reports(held)
    [opened] = told(held, SurveillanceOpened)
    assert (opened.year, opened.due_on) == (1, DUE)
    assert states(held) == [State.OPEN, State.SCHEDULED]


def test_reminders_come_at_thirty_and_seven_days(held: Database, on_day: Move) -> None:
    for left in (60, 31, 30, 29, 8, 7, 6, 1, 0):
        on_day(DUE - timedelta(days=left))
        advance_reports(held)
    assert [fact.days_left for fact in told(held, SurveillanceReminded)] == [30, 7]


def test_a_window_opened_late_is_its_own_reminder(held: Database, on_day: Move) -> None:
    on_day(DUE - timedelta(days=20))
    advance_reports(held)
    advance_reports(held)
    assert len(told(held, SurveillanceOpened)) == 1
    assert told(held, SurveillanceReminded) == []
    on_day(DUE - timedelta(days=5))
    advance_reports(held)
    assert [fact.days_left for fact in told(held, SurveillanceReminded)] == [5]


def test_a_missing_report_is_overdue_the_day_after_and_told_once(held: Database, on_day: Move) -> None:
    on_day(DUE)
    advance_reports(held)
    assert told(held, SurveillanceOverdue) == []
    on_day(DUE + timedelta(days=1))
    advance_reports(held)
    advance_reports(held)
    assert len(told(held, SurveillanceOverdue)) == 1
    assert states(held)[0] is State.OVERDUE


def test_a_clock_that_jumps_a_year_opens_and_marks_at_once(held: Database, on_day: Move) -> None:
    on_day(DUE + timedelta(days=40))
    advance_reports(held)
    assert (len(told(held, SurveillanceOpened)), len(told(held, SurveillanceOverdue))) == (1, 1)
    assert told(held, SurveillanceReminded) == []


def test_invitations_come_at_180_90_30_and_7_days(held: Database, on_day: Move) -> None:
    for left in (200, 181, 180, 179, 91, 90, 89, 31, 30, 29, 8, 7, 6, 1, 0, -1):
        on_day(EXPIRES - timedelta(days=left))
        advance_reports(held)
    assert days_left(held) == [180, 90, 30, 7]


def test_a_clock_that_jumps_invites_once_with_the_days_that_are_left(held: Database, on_day: Move) -> None:
    on_day(EXPIRES - timedelta(days=25))
    advance_reports(held)
    advance_reports(held)
    assert days_left(held) == [25]


def test_an_expired_certificate_invites_nobody(held: Database, on_day: Move) -> None:
    on_day(EXPIRES)
    advance_reports(held)
    assert days_left(held) == []
    assert states(held) == [State.LAPSED, State.LAPSED]


def test_a_certificate_told_as_expired_invites_nobody_whatever_its_date(held: Database, on_day: Move) -> None:
    hear(held, CertificateExpired(**SHORT, at=AT), sequence=2)
    on_day(EXPIRES - timedelta(days=20))
    advance_reports(held)
    assert days_left(held) == []


def test_a_suspended_holder_still_reports(held: Database, on_day: Move) -> None:
    hear(held, CertificateSuspended(**SHORT, reason="contoh", until=DUE, at=AT), sequence=2)
    on_day(DUE - timedelta(days=30))
    advance_reports(held)
    assert states(held)[0] is State.OPEN


def test_who_has_applied_to_renew_is_not_invited(held: Database, on_day: Move) -> None:
    hear(held, filed(NUMBER))
    on_day(EXPIRES - timedelta(days=20))
    advance_reports(held)
    assert days_left(held) == []


def test_an_application_to_renew_by_somebody_else_stops_no_invitation(held: Database, on_day: Move) -> None:
    other = ApplicationFiled.model_validate(filed(NUMBER).model_dump() | {"applicant_id": UUID(int=9)})
    hear(held, other)
    on_day(EXPIRES - timedelta(days=20))
    advance_reports(held)
    assert days_left(held) == [20]


def test_who_takes_the_application_back_is_invited_again(held: Database, on_day: Move) -> None:
    hear(held, filed(NUMBER))
    hear(held, ApplicationWithdrawn(**APPLICATION, reason="contoh"), sequence=2)
    on_day(EXPIRES - timedelta(days=20))
    advance_reports(held)
    assert days_left(held) == [20]


def test_a_renewed_certificate_is_neither_asked_about_nor_invited(held: Database, on_day: Move) -> None:
    hear(
        held,
        issued(
            certificate_id=UUID(int=101),
            number="91011 2622 5 000002 2029",
            renews=NUMBER,
            issued_on=date(2027, 6, 1),
            expires_on=date(2030, 6, 1),
        ),
    )
    on_day(DUE + timedelta(days=1))
    advance_reports(held)
    assert told(held, SurveillanceOverdue) == []
    with held.reading() as session:
        old = session.scalars(select(Surveillance.state).where(Surveillance.holding_id == UUID(int=100))).all()
    assert set(old) == {State.LAPSED}


def test_more_than_one_handful_is_taken(database: Database, on_day: Move) -> None:
    for number in range(120):
        hear(database, issued(certificate_id=UUID(int=1000 + number), number=f"contoh {number}"))
    on_day(DUE - timedelta(days=50))
    advance_reports(database)
    assert len(told(database, SurveillanceOpened)) == 120


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(0, 1200), min_size=1, max_size=12))
def test_however_the_clock_jumps_each_thing_is_told_once(jumps: list[int]) -> None:
    database = Database("surveillance", "sqlite://")
    create_tables(database)
    try:
        hear(database, issued())
        for jump in sorted(jumps):
            noon = datetime(2026, 11, 21, 5, tzinfo=UTC) + timedelta(days=jump)
            clock.set_ahead(round((noon - clock.real_now()).total_seconds()))
            advance_reports(database)
            advance_reports(database)
        for kind in (SurveillanceOpened, SurveillanceOverdue):
            years = [fact.year for fact in told(database, kind)]  # type: ignore[attr-defined]
            assert years == sorted(set(years))
        left = days_left(database)
        assert left == sorted(set(left), reverse=True)
        assert all(days > 0 for days in left)
        assert len(left) <= 4
    finally:
        clock.set_ahead(0)
        database.close()
