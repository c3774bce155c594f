"""The five named officers and the deputy named beforehand (R13)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.decision.domain.roster import (
    DEPUTY,
    Term,
    check_appointment,
    find_holder,
    find_office,
    find_officers,
    require_officer,
)
from shared.errors import Conflict, Forbidden, Invalid
from shared.security.roles import OFFICERS, Role
from tests.unit.decision.domain.strategies import days, person

NAMED_AT = datetime(2026, 1, 2, tzinfo=UTC)
FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)


def term(office: str, number: int, since: date = FIRST, until: date = LAST) -> Term:
    return Term(office, person(number), since, until, NAMED_AT)


FIVE = [term(office, number) for number, office in enumerate(OFFICERS, start=1)]


@given(days)
def test_a_term_counts_its_first_and_last_day(day: date) -> None:
    assert term("chair", 1).covers(day) == (FIRST <= day <= LAST)


@given(days, days, days, days)
def test_overlap_is_mutual_and_means_a_day_in_common(a: date, b: date, c: date, d: date) -> None:
    one, other = term("chair", 1, min(a, b), max(a, b)), term("chair", 2, min(c, d), max(c, d))
    shared_days = max(one.since, other.since) <= min(one.until, other.until)
    assert one.overlaps(other) == other.overlaps(one) == shared_days


def test_the_five_are_found_with_their_offices() -> None:
    assert list(find_officers(FIVE, FIRST)) == [office.value for office in OFFICERS]
    assert find_office(FIVE, person(4), LAST) is Role.HEAD_OF_QUALITY_CONTROL
    assert find_office(FIVE, person(9), LAST) is None
    assert find_holder(FIVE, "chair", LAST + timedelta(days=1)) is None


def test_an_office_is_held_by_one_person_at_a_time() -> None:
    with pytest.raises(Conflict, match="Jabatan") as refusal:
        check_appointment(FIVE, term("chair", 9, LAST, LAST + timedelta(days=9)), ["chair"], active=True)
    assert refusal.value.code == "office-taken"
    check_appointment(FIVE, term("chair", 9, LAST + timedelta(1), LAST + timedelta(9)), ["chair"], active=True)


def test_a_person_holds_one_of_the_five_offices_at_a_time() -> None:
    with pytest.raises(Conflict) as refusal:
        check_appointment(FIVE[:4], term("head_of_standards", 1), ["head_of_standards"], active=True)
    assert refusal.value.code == "person-has-office"


def test_the_account_carries_the_role_and_is_active() -> None:
    with pytest.raises(Invalid) as refusal:
        check_appointment([], term("chair", 1), ["assessor"], active=True)
    assert "account_id" in refusal.value.fields
    with pytest.raises(Invalid):
        check_appointment([], term("chair", 1), ["chair"], active=False)


def test_a_term_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(Invalid) as refusal:
        check_appointment([], term("chair", 1, LAST, FIRST), ["chair"], active=True)
    assert "until" in refusal.value.fields


def test_an_unknown_office_is_refused() -> None:
    with pytest.raises(Invalid):
        check_appointment([], term("auditor", 1), ["auditor"], active=True)


@pytest.mark.parametrize("number", [2, 3, 4, 5])
def test_the_deputy_is_one_of_the_other_four(number: int) -> None:
    check_appointment(FIVE, term(DEPUTY, number), [], active=True)


@pytest.mark.parametrize("number", [1, 9])
def test_neither_the_chair_nor_an_outsider_is_deputy(number: int) -> None:
    with pytest.raises(Invalid) as refusal:
        check_appointment(FIVE, term(DEPUTY, number), ["chair"], active=True)
    assert refusal.value.code == "deputy-not-officer"


def test_the_deputy_is_an_officer_for_the_whole_time() -> None:
    with pytest.raises(Invalid):
        check_appointment(FIVE, term(DEPUTY, 2, FIRST, LAST + timedelta(days=1)), [], active=True)


@given(st.sampled_from(OFFICERS), days)
def test_outside_the_term_nobody_is_an_officer(office: Role, day: date) -> None:
    account = person(OFFICERS.index(office) + 1)
    if FIRST <= day <= LAST:
        assert require_officer(FIVE, account, day) is office
        with pytest.raises(Forbidden):
            require_officer(FIVE, account, day, *[other for other in OFFICERS if other is not office])
    else:
        with pytest.raises(Forbidden):
            require_officer(FIVE, account, day)
