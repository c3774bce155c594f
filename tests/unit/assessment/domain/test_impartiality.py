"""Who may assess whom (R3, R4, R5, R10, R25)."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.assessment.domain.impartiality import (
    Candidacy,
    Declaration,
    Obstacle,
    Registration,
    Tie,
    check_declaration_date,
    find_assessor_obstacles,
    refuse_obstacles,
    subtract_years,
)
from shared.errors import Conflict, Invalid

DAY = date(2026, 5, 4)
ASSESSOR = UUID(int=1)
APPLICANT = UUID(int=2)
VERIFIER = UUID(int=3)
days = st.dates(date(2001, 1, 1), date(2090, 12, 31))


def registration(**other: object) -> Registration:
    values: dict[str, object] = {
        "assessor_id": ASSESSOR,
        "valid_until": DAY,
        "schemes": frozenset({"contoh"}),
        "active": True,
    }
    return Registration(**(values | other))  # type: ignore[arg-type]


def candidacy(**other: object) -> Candidacy:
    values: dict[str, object] = {
        "applicant_id": APPLICANT,
        "verifier_id": VERIFIER,
        "scheme_id": "contoh",
        "excluded": frozenset(),
    }
    return Candidacy(**(values | other))  # type: ignore[arg-type]


def declared(trained_on: date | None = None, **ties: bool) -> Declaration:
    stated = {tie.value: False for tie in Tie} | ties
    return Declaration(
        family=stated["family"],
        superior_or_subordinate=stated["superior_or_subordinate"],
        same_work_unit=stated["same_work_unit"],
        trainer=stated["trainer"],
        trained_on=trained_on,
    )


def test_an_assessor_without_ties_and_with_a_valid_registration_may_assess() -> None:
    assert find_assessor_obstacles(registration(), candidacy(), [declared()], DAY) == []


@pytest.mark.parametrize("tie", list(Tie))
def test_each_declared_tie_blocks(tie: Tie) -> None:
    assert declared(None, **{tie.value: True}).ties(DAY) == {tie}


@given(days, days)
def test_a_training_blocks_for_two_years_and_no_longer(trained_on: date, day: date) -> None:
    blocked = bool(declared(trained_on=trained_on).ties(day))
    assert blocked == (trained_on >= subtract_years(day, 2))


def test_a_training_blocks_on_the_day_it_is_two_years_old() -> None:
    assert declared(trained_on=date(2024, 5, 4)).ties(date(2026, 5, 4))
    assert not declared(trained_on=date(2024, 5, 3)).ties(date(2026, 5, 4))


@given(days)
def test_two_years_before_is_within_a_day_of_two_years(day: date) -> None:
    assert 729 <= (day - subtract_years(day, 2)).days <= 732


def test_two_years_before_a_leap_day_is_the_28th() -> None:
    assert subtract_years(date(2028, 2, 29), 2) == date(2026, 2, 28)


def test_a_training_in_the_future_is_refused_and_one_of_today_is_not() -> None:
    check_declaration_date(declared(trained_on=DAY), DAY)
    with pytest.raises(Invalid) as refusal:
        check_declaration_date(declared(trained_on=DAY + timedelta(1)), DAY)
    assert refusal.value.code == "declaration-date"
    assert "trained_on" in refusal.value.fields


@pytest.mark.parametrize(
    ("assessor", "case", "obstacle"),
    [
        (registration(assessor_id=VERIFIER), candidacy(), Obstacle.VERIFIER),
        (registration(assessor_id=APPLICANT), candidacy(), Obstacle.APPLICANT),
        (registration(), candidacy(excluded=frozenset({ASSESSOR})), Obstacle.EXCLUDED),
        (registration(valid_until=DAY - timedelta(1)), candidacy(), Obstacle.EXPIRED),
        (registration(schemes=frozenset({"lain"})), candidacy(), Obstacle.SCHEME),
        (registration(active=False), candidacy(), Obstacle.INACTIVE),
    ],
)
def test_each_obstacle_is_found_and_refused(assessor: Registration, case: Candidacy, obstacle: Obstacle) -> None:
    found = find_assessor_obstacles(assessor, case, [], DAY)
    assert found == [obstacle]
    with pytest.raises(Conflict) as refusal:
        refuse_obstacles(found)
    assert refusal.value.code == obstacle
    assert refusal.value.details == {"obstacles": [obstacle.value]}


def test_a_conflict_declared_earlier_still_blocks() -> None:
    assert find_assessor_obstacles(registration(), candidacy(), [declared(), declared(family=True)], DAY) == [
        Obstacle.CONFLICT
    ]


@given(
    st.lists(st.sampled_from(range(5)).map(lambda i: UUID(int=i)), max_size=5),
    st.sampled_from(range(5)).map(lambda i: UUID(int=i)),
    st.dates(DAY - timedelta(5), DAY + timedelta(5)),
)
def test_whoever_may_assess_is_none_of_the_excluded_and_is_registered(
    excluded: list[UUID], assessor_id: UUID, valid_until: date
) -> None:
    assessor = registration(assessor_id=assessor_id, valid_until=valid_until)
    if not find_assessor_obstacles(assessor, candidacy(excluded=frozenset(excluded)), [], DAY):
        assert assessor_id not in {*excluded, APPLICANT, VERIFIER}
        assert valid_until >= DAY


def test_a_stranger_to_the_case_is_no_obstacle() -> None:
    assert refuse_obstacles(find_assessor_obstacles(registration(assessor_id=uuid4()), candidacy(), [], DAY)) is None  # type: ignore[func-returns-value]
