"""Working days with a holiday table."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.surveillance.body_settings import body_working_days
from services.surveillance.domain.working_days import WorkingDays

days = st.dates(min_value=date(2020, 1, 1), max_value=date(2040, 12, 31))


def test_fourteen_working_days_without_holidays_are_twenty_calendar_days() -> None:
    assert WorkingDays().after(date(2026, 6, 29), 14) == date(2026, 7, 17)


def test_a_weekend_and_a_holiday_do_not_count() -> None:
    table = WorkingDays.of(["08-17"], [])
    friday = date(2026, 8, 14)
    assert table.after(friday, 1) == date(2026, 8, 18)


def test_the_long_holiday_of_2026_stretches_a_time_limit() -> None:
    assert body_working_days().after(date(2026, 3, 17), 1) == date(2026, 3, 25)


def test_new_year_is_a_holiday_in_every_year() -> None:
    assert not any(body_working_days().works(date(year, 1, 1)) for year in range(2026, 2040))


@given(days, st.integers(1, 40))
def test_as_many_working_days_lie_in_between_as_were_asked_for(day: date, count: int) -> None:
    table = body_working_days()
    end = table.after(day, count)
    between = [day + timedelta(days=n) for n in range(1, (end - day).days + 1)]
    assert sum(table.works(one) for one in between) == count
    assert table.works(end)


@given(days, st.integers(1, 40), st.lists(days, max_size=30))
def test_a_holiday_more_never_ends_a_time_limit_earlier(day: date, count: int, holidays: list[date]) -> None:
    assert WorkingDays.of([], holidays).after(day, count) >= WorkingDays().after(day, count)


def test_nothing_is_counted_below_one() -> None:
    with pytest.raises(ValueError, match="from one on"):
        WorkingDays().after(date(2026, 1, 5), 0)


def test_a_table_without_any_working_day_is_found_out() -> None:
    every_day = [(date(2000, 1, 1) + timedelta(days=n)).strftime("%m-%d") for n in range(366)]
    with pytest.raises(ValueError, match="no working day"):
        WorkingDays.of(every_day, []).after(date(2026, 1, 5), 1)


def test_a_day_that_no_year_has_is_refused() -> None:
    with pytest.raises(ValueError, match="day is out of range"):
        WorkingDays.of(["02-30"], [])
