"""Who keeps out of a decision (R1, R25) and of an appeal panel (R7)."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.decision.domain.impartiality import (
    DECLARABLE,
    Ground,
    Involved,
    Nominee,
    check_panel,
    check_recusal,
    find_conflicts,
    find_panel_obstacles,
)
from shared.errors import Conflict, Invalid
from shared.security.roles import Role
from tests.unit.decision.domain.strategies import groups, people, person

involved = st.builds(Involved, people, groups, groups, groups)
CASE = Involved(person(1), frozenset({person(2)}), frozenset({person(3)}), frozenset({person(4)}))


def nominee(number: int, *roles: Role, active: bool = True) -> Nominee:
    return Nominee(person(number), f"Orang {number} (contoh)", frozenset(roles or (Role.ASSESSOR,)), active)


@given(involved, people)
def test_a_stranger_to_the_case_has_no_conflict(case: Involved, member: UUID) -> None:
    touched = {case.applicant, *case.assessors, *case.verifiers}
    assert bool(find_conflicts(case, member)) == (member in touched)


@given(involved, st.data())
def test_whoever_had_a_hand_in_the_case_is_found(case: Involved, data: st.DataObject) -> None:
    hands = sorted({case.applicant, *case.assessors, *case.verifiers})
    assert find_conflicts(case, data.draw(st.sampled_from(hands)))


@given(involved, st.data())
def test_nobody_of_the_case_hears_the_appeal(case: Involved, data: st.DataObject) -> None:
    hands = sorted({case.applicant, *case.assessors, *case.verifiers, *case.decision_makers})
    somebody = data.draw(st.sampled_from(hands))
    assert find_panel_obstacles(case, Nominee(somebody, "contoh", frozenset({Role.ASSESSOR}), active=True))


@pytest.mark.parametrize(
    ("number", "ground"),
    [(1, Ground.APPLICANT), (2, Ground.ASSESSOR), (3, Ground.VERIFIER), (4, Ground.DECISION_MAKER)],
)
def test_a_panel_is_refused_with_who_and_why(number: int, ground: Ground) -> None:
    with pytest.raises(Conflict) as refusal:
        check_panel(CASE, [nominee(number), nominee(10), nominee(11)])
    assert refusal.value.details["refused"] == [
        {"account_id": str(person(number)), "name": f"Orang {number} (contoh)", "grounds": [ground.value]}
    ]
    assert f"Orang {number} (contoh)" in str(refusal.value)


def test_a_panel_comes_from_the_bodys_own_people() -> None:
    check_panel(CASE, [nominee(10), nominee(11, Role.SECRETARIAT), nominee(12, Role.COMPLAINTS_OFFICER)])
    for outsider in (Role.APPLICANT, Role.AUDITOR, Role.ADMINISTRATOR):
        with pytest.raises(Conflict):
            check_panel(CASE, [nominee(10), nominee(11), nominee(12, outsider)])
    with pytest.raises(Conflict):
        check_panel(CASE, [nominee(10), nominee(11), nominee(12, active=False)])


@pytest.mark.parametrize("numbers", [[], [10], [10, 11], [10, 10, 11], [10, 11, 12, 13]])
def test_a_panel_is_three_different_people(numbers: list[int]) -> None:
    with pytest.raises(Invalid) as refusal:
        check_panel(CASE, [nominee(number) for number in numbers])
    assert "panel" in refusal.value.fields


@given(st.sampled_from(Ground), st.sampled_from(["", "  ", "pelatih tahun lalu (contoh)"]))
def test_a_declared_conflict_has_a_known_ground_and_a_reason(ground: Ground, reason: str) -> None:
    if ground in DECLARABLE and reason.strip():
        check_recusal(ground, reason)
    else:
        with pytest.raises(Invalid):
            check_recusal(ground, reason)
