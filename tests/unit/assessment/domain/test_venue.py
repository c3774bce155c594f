"""Where and when (R6)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.assessment.domain.venue import (
    Slot,
    Verification,
    check_capacity,
    check_centre_for_scheme,
    check_slot,
    check_slot_free,
)
from shared.errors import Conflict, Invalid

DAY = date(2026, 5, 4)
START = datetime(2026, 5, 4, 2, tzinfo=UTC)


def centre(until: date = DAY, schemes: frozenset[str] = frozenset({"contoh"}), active: bool = True) -> Verification:
    return Verification(until, schemes, 4, active)


def slot(start: int, length: int) -> Slot:
    return Slot(START + timedelta(minutes=start), START + timedelta(minutes=start + length))


slots = st.builds(slot, st.integers(0, 600), st.integers(1, 240))


@given(slots, slots)
def test_overlap_is_mutual_and_means_a_shared_minute(one: Slot, other: Slot) -> None:
    assert one.overlaps(other) == other.overlaps(one)
    assert one.overlaps(other) == (max(one.starts, other.starts) < min(one.ends, other.ends))


def test_a_session_may_start_when_another_ends() -> None:
    check_slot_free(slot(60, 60), [slot(0, 60)], "busy", "sibuk")


def test_nobody_is_booked_twice_at_one_time() -> None:
    with pytest.raises(Conflict):
        check_slot_free(slot(59, 60), [slot(0, 60)], "busy", "sibuk")


@pytest.mark.parametrize(
    ("place", "code"),
    [
        (centre(until=DAY - timedelta(1)), "centre-verification-expired"),
        (centre(schemes=frozenset()), "centre-scheme"),
        (centre(active=False), "centre-inactive"),
    ],
)
def test_a_centre_not_verified_for_the_scheme_on_the_day_is_refused(place: Verification, code: str) -> None:
    with pytest.raises(Conflict) as refusal:
        check_centre_for_scheme(place, "contoh", DAY)
    assert refusal.value.code == code


def test_a_verified_centre_is_accepted_on_its_last_day() -> None:
    check_centre_for_scheme(centre(), "contoh", DAY)


@given(st.integers(0, 10), st.integers(0, 10))
def test_seats_are_never_exceeded(seated: int, coming: int) -> None:
    if seated + coming <= 4:
        check_capacity(centre(), seated, coming)
    else:
        with pytest.raises(Conflict) as refusal:
            check_capacity(centre(), seated, coming)
        assert refusal.value.code == "centre-full"
        assert refusal.value.details == {"capacity": 4, "seated": seated}
        assert "menampung 4 asesi" in str(refusal.value)
        assert f"terisi {seated}." in str(refusal.value)


def test_a_session_must_end_after_it_starts() -> None:
    with pytest.raises(Invalid) as refusal:
        check_slot(slot(0, 0), DAY, DAY)
    assert refusal.value.code == "session-times"
    assert "ends_at" in refusal.value.fields


def test_a_day_gone_by_is_refused_and_today_is_not() -> None:
    check_slot(slot(0, 60), DAY, DAY)
    with pytest.raises(Invalid) as refusal:
        check_slot(slot(0, 60), DAY, DAY + timedelta(1))
    assert refusal.value.code == "session-past"
    assert "starts_at" in refusal.value.fields
