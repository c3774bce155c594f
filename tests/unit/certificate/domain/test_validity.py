from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.certificate.domain.states import LIVING, State
from services.certificate.domain.validity import (
    YEAR_WORDS,
    YEAR_WORDS_EN,
    check_suspension_limit,
    compute_last_day,
    compute_retention_end,
    judge_state_on,
)
from shared.errors import Invalid

DAYS = st.dates(date(2024, 1, 1), date(2060, 12, 31))
YEARS = st.integers(1, 10)


@given(DAYS, YEARS)
def test_validity_ends_on_the_same_day_of_the_same_month(issued: date, years: int) -> None:
    last = compute_last_day(issued, years)
    assert (last.year, last.month) == (issued.year + years, issued.month)
    assert last.day == issued.day or (issued.month, issued.day, last.day) == (2, 29, 28)


@given(st.sampled_from(LIVING), DAYS, st.integers(-800, 800))
def test_a_certificate_lasts_through_its_last_day(state: State, last: date, days: int) -> None:
    today = last + timedelta(days=days)
    assert judge_state_on(state, last, today) is (state if days <= 0 else State.EXPIRED)


@given(st.sampled_from([State.WITHDRAWN, State.VOIDED, State.NUMBERED]), DAYS, DAYS)
def test_time_changes_no_other_state(state: State, last: date, today: date) -> None:
    assert judge_state_on(state, last, today) is state


@given(DAYS, st.integers(-5, 5), st.integers(0, 400))
def test_a_suspension_ends_after_today_and_within_the_validity(today: date, ahead: int, left: int) -> None:
    last, until = today + timedelta(days=left), today + timedelta(days=ahead)
    if today < until <= last:
        check_suspension_limit(until, today, last)
    else:
        with pytest.raises(Invalid) as refusal:
            check_suspension_limit(until, today, last)
        assert set(refusal.value.fields) == {"until"}


def test_every_validity_a_scheme_may_have_can_be_written_out() -> None:
    assert set(YEAR_WORDS) == set(YEAR_WORDS_EN) == set(range(1, 11))


@pytest.mark.parametrize(
    ("last_day", "until"),
    [
        (date(2029, 11, 20), datetime(2034, 11, 20, 17, tzinfo=UTC)),
        (date(2028, 2, 29), datetime(2033, 2, 28, 17, tzinfo=UTC)),
        (date(2029, 12, 31), datetime(2034, 12, 31, 17, tzinfo=UTC)),
    ],
)
def test_a_file_is_kept_to_the_end_of_its_last_day_in_jakarta(last_day: date, until: datetime) -> None:
    """R23: five years beyond validity, to the last second of that day."""
    assert compute_retention_end(last_day, 5) == until


@pytest.mark.parametrize("until", [date(2026, 11, 21), date(2026, 11, 20), date(2029, 11, 21)])
def test_a_suspension_ends_after_today_and_within_validity(until: date) -> None:
    with pytest.raises(Invalid) as refused:
        check_suspension_limit(until, today=date(2026, 11, 21), last_day=date(2029, 11, 20))
    assert (refused.value.code, set(refused.value.fields)) == ("suspension-limit", {"until"})
    check_suspension_limit(date(2029, 11, 20), today=date(2026, 11, 21), last_day=date(2029, 11, 20))
