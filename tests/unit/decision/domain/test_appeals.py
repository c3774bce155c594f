"""Appeals: time limit, units, at most three re-assessments, votes (R9, R10, R28)."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.decision.domain.appeals import (
    MAX_REASSESSMENTS,
    Earlier,
    Standing,
    Vote,
    check_appeal,
    find_used_up_units,
    is_appeal_upheld,
    is_new_application,
    number_reassessments,
)
from shared.errors import Conflict, Invalid
from tests.unit.decision.domain.strategies import codes, moments

UNTIL = datetime(2026, 5, 1, 16, 59, 59, tzinfo=UTC)
UNITS = ("R.91PRP02.001.1", "R.91PRP02.002.1")
counts = st.dictionaries(codes, st.integers(0, 5), max_size=8)


@given(moments)
def test_an_appeal_is_received_until_the_time_limit_and_not_later(now: datetime) -> None:
    standing = Standing(UNITS, UNTIL, {})
    if now <= UNTIL:
        check_appeal(standing, UNITS, "alasan (contoh)", now)
    else:
        with pytest.raises(Conflict) as refusal:
            check_appeal(standing, UNITS, "alasan (contoh)", now)
        assert refusal.value.code == "appeal-too-late"


def test_an_appeal_needs_reasons_and_units() -> None:
    with pytest.raises(Invalid) as refusal:
        check_appeal(Standing(UNITS, UNTIL, {}), [], " ", UNTIL)
    assert set(refusal.value.fields) == {"reasons", "units"}


def test_a_unit_judged_k_cannot_be_appealed() -> None:
    with pytest.raises(Invalid) as refusal:
        check_appeal(Standing(UNITS[:1], UNTIL, {}), UNITS, "alasan", UNTIL)
    assert set(refusal.value.fields) == {"units"}


@given(st.integers(0, 6))
def test_the_fourth_reassessment_is_refused_when_the_appeal_is_filed(had: int) -> None:
    standing = Standing(UNITS, UNTIL, {UNITS[0]: had})
    if had < MAX_REASSESSMENTS:
        check_appeal(standing, UNITS, "alasan", UNTIL)
    else:
        with pytest.raises(Conflict) as refusal:
            check_appeal(standing, UNITS, "alasan", UNTIL)
        assert refusal.value.code == "reassessments-used-up"
        assert refusal.value.details == {"units": [UNITS[0]]}
        assert "permohonan baru" in str(refusal.value)
        check_appeal(standing, UNITS[1:], "alasan", UNTIL)


@given(st.lists(codes, min_size=1, max_size=6, unique=True), counts)
def test_each_reassessment_of_a_unit_gets_the_next_number_up_to_three(units: list[str], had: dict[str, int]) -> None:
    if find_used_up_units(units, had):
        with pytest.raises(Conflict):
            number_reassessments(units, had)
        return
    numbers = number_reassessments(units, had)
    assert numbers == {unit: had.get(unit, 0) + 1 for unit in units}
    assert all(1 <= number <= MAX_REASSESSMENTS for number in numbers.values())


@given(st.lists(st.none() | st.sampled_from(Vote), max_size=3))
def test_the_majority_of_a_full_panel_decides(votes: list[Vote | None]) -> None:
    if not votes or None in votes:
        with pytest.raises(Conflict):
            is_appeal_upheld(votes)
    else:
        assert is_appeal_upheld(votes) == (votes.count(Vote.UPHOLD) > votes.count(Vote.DISMISS))


@given(moments, moments, st.booleans())
def test_an_application_filed_after_the_decision_is_new(filed: datetime, decided: datetime, pursued: bool) -> None:
    assert is_new_application(filed, Earlier(decided, pursued)) == (filed >= decided and not pursued)


def test_an_application_beside_an_undecided_one_is_not_new() -> None:
    assert not is_new_application(UNTIL, Earlier(None, pursued=True))
    assert not is_new_application(UNTIL + timedelta(days=9), Earlier(None, pursued=False))
