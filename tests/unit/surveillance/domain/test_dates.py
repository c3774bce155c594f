"""Due dates, reminders and invitations, also for those born on a leap day."""

from calendar import isleap
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.surveillance.domain.dates import (
    due_dates,
    in_inventory,
    is_overdue,
    last_listed_expiry,
    months_before,
    nearest_step,
    reached_step,
    window_opening,
    years_later,
)

days = st.dates(min_value=date(2000, 1, 1), max_value=date(2100, 12, 31))
leap_days = st.sampled_from([date(year, 2, 29) for year in range(2004, 2097, 4)])
STEPS = (180, 90, 30, 7)


def test_a_certificate_of_three_years_has_two_reports() -> None:
    assert due_dates(date(2026, 11, 21), date(2029, 11, 21)) == [date(2027, 11, 21), date(2028, 11, 21)]


def test_a_certificate_that_ends_the_day_before_its_anniversary_has_as_many() -> None:
    assert due_dates(date(2026, 11, 21), date(2029, 11, 20)) == [date(2027, 11, 21), date(2028, 11, 21)]


def test_a_certificate_of_one_year_has_none() -> None:
    assert due_dates(date(2026, 11, 21), date(2027, 11, 21)) == []


@pytest.mark.parametrize("expires_on", [date(2031, 2, 28), date(2031, 3, 1)])
def test_a_certificate_of_a_leap_day_is_due_on_the_last_of_february(expires_on: date) -> None:
    assert due_dates(date(2028, 2, 29), expires_on) == [date(2029, 2, 28), date(2030, 2, 28)]


def test_a_leap_day_comes_back_in_a_leap_year() -> None:
    assert due_dates(date(2028, 2, 29), date(2033, 2, 28))[3] == date(2032, 2, 29)


@given(st.one_of(days, leap_days), st.integers(1, 10))
def test_every_year_but_the_last_has_one_due_date(issued_on: date, years: int) -> None:
    due = due_dates(issued_on, years_later(issued_on, years))
    assert [day.year - issued_on.year for day in due] == list(range(1, years))
    assert all(day.month == issued_on.month for day in due)
    assert all(day.day == issued_on.day or (issued_on.month, issued_on.day) == (2, 29) for day in due)


@given(days, st.integers(0, 5000))
def test_due_dates_lie_between_issue_and_expiry_in_order(issued_on: date, lasting: int) -> None:
    expires_on = issued_on + timedelta(days=lasting)
    due = due_dates(issued_on, expires_on)
    assert due == sorted(set(due))
    assert all(issued_on < day < expires_on for day in due)


@given(leap_days, st.integers(1, 10))
def test_a_leap_day_never_moves_into_march(leap_day: date, years: int) -> None:
    later = years_later(leap_day, years)
    assert later.month == 2
    assert later.day == (29 if isleap(later.year) else 28)


def test_the_window_opens_sixty_days_before() -> None:
    assert window_opening(date(2027, 11, 21), 60) == date(2027, 9, 22)


def test_the_due_date_itself_is_in_time() -> None:
    assert not is_overdue(date(2027, 11, 21), date(2027, 11, 21))
    assert is_overdue(date(2027, 11, 21), date(2027, 11, 22))


def test_the_first_step_reached_is_told() -> None:
    assert nearest_step(181, STEPS, None) is None
    assert nearest_step(180, STEPS, None) == 180
    assert nearest_step(179, STEPS, 180) is None
    assert nearest_step(90, STEPS, 180) == 90


def test_a_clock_that_jumps_over_steps_tells_the_nearest_only() -> None:
    assert nearest_step(20, STEPS, None) == 30
    assert nearest_step(20, STEPS, 30) is None


def test_an_expired_certificate_is_told_of_nothing() -> None:
    assert nearest_step(0, STEPS, None) is None
    assert nearest_step(-400, STEPS, 180) is None


@given(st.lists(st.integers(-10, 400), min_size=1))
def test_walking_down_to_the_end_tells_each_step_once_at_most(lefts: list[int]) -> None:
    told: int | None = None
    heard: list[int] = []
    for left in sorted(lefts, reverse=True):
        step = nearest_step(left, STEPS, told)
        if step is not None:
            assert left <= step
            told = step
            heard.append(step)
    assert heard == sorted(set(heard), reverse=True)


@given(st.integers(-10, 400))
def test_what_has_been_reached_needs_no_telling_again(left: int) -> None:
    assert nearest_step(left, STEPS, reached_step(left, STEPS)) is None


def test_months_before_the_thirty_first_stay_in_their_month() -> None:
    assert months_before(date(2026, 8, 31), 6) == date(2026, 2, 28)
    assert months_before(date(2026, 3, 15), 6) == date(2025, 9, 15)


@given(days, st.integers(1, 24))
def test_going_back_months_keeps_the_day_or_takes_the_last(day: date, months: int) -> None:
    before = months_before(day, months)
    assert (day.year * 12 + day.month) - (before.year * 12 + before.month) == months
    assert before.day == day.day or (before + timedelta(days=1)).day == 1


def test_the_inventory_holds_what_expires_within_six_months() -> None:
    expires_on = date(2029, 11, 21)
    assert not in_inventory(expires_on, date(2029, 5, 20), 6)
    assert in_inventory(expires_on, date(2029, 5, 21), 6)
    assert in_inventory(expires_on, date(2029, 11, 20), 6)
    assert not in_inventory(expires_on, expires_on, 6)


@given(days, st.integers(1, 12))
def test_the_latest_expiry_listed_is_in_the_inventory_and_the_day_after_is_not(today: date, months: int) -> None:
    last = last_listed_expiry(today, months)
    assert in_inventory(last, today, months)
    assert not in_inventory(last + timedelta(days=1), today, months)
