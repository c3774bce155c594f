"""A meeting on one case: quorum, opinions, who decides (R1, R2, R13)."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from services.decision.domain.assembly import (
    Decider,
    Sitting,
    check_may_decide,
    check_may_speak,
    find_decider,
    find_silent_members,
    has_quorum,
    is_case_discussed,
    name_decider,
    require_decider,
)
from services.decision.domain.roster import Term
from shared.errors import Conflict, Forbidden
from tests.unit.decision.domain.strategies import groups, people, person

OPENED = datetime(2026, 3, 1, 2, tzinfo=UTC)
CHAIR, DEPUTY = person(1), person(2)
MEMBERS = frozenset(person(number) for number in range(1, 6))
sittings = st.builds(Sitting, groups, groups, groups, st.integers(1, 5))


def term(office: str, account: UUID, named_at: datetime = OPENED - timedelta(days=30)) -> Term:
    return Term(office, account, date(2026, 1, 1), date(2026, 12, 31), named_at)


def test_the_chair_decides() -> None:
    assert name_decider(term("chair", CHAIR), term("deputy", DEPUTY), set(), OPENED) == Decider(CHAIR, acting=False)


def test_the_deputy_decides_when_the_chair_is_recused() -> None:
    assert name_decider(term("chair", CHAIR), term("deputy", DEPUTY), {CHAIR}, OPENED) == Decider(DEPUTY, acting=True)


def test_a_deputy_named_during_the_meeting_does_not_count() -> None:
    late = term("deputy", DEPUTY, OPENED + timedelta(seconds=1))
    with pytest.raises(Conflict) as refusal:
        name_decider(term("chair", CHAIR), late, {CHAIR}, OPENED)
    assert refusal.value.code == "no-decider"


@pytest.mark.parametrize(
    ("chair", "deputy", "recused"),
    [
        (None, term("deputy", DEPUTY), set()),
        (term("chair", CHAIR), None, {CHAIR}),
        (term("chair", CHAIR), term("deputy", DEPUTY), {CHAIR, DEPUTY}),
    ],
)
def test_without_chair_and_deputy_nobody_decides(chair: Term | None, deputy: Term | None, recused: set[UUID]) -> None:
    with pytest.raises(Conflict) as refusal:
        name_decider(chair, deputy, recused, OPENED)
    assert refusal.value.code == "no-decider"


@given(sittings)
def test_recused_members_do_not_count_towards_the_quorum(sitting: Sitting) -> None:
    assert sitting.eligible.isdisjoint(sitting.recused)
    assert has_quorum(sitting) == (len(sitting.present - sitting.recused) >= sitting.quorum)


@given(sittings, people)
def test_nobody_is_waited_for_who_is_absent_recused_deciding_or_has_spoken(sitting: Sitting, deciding: UUID) -> None:
    waiting = find_silent_members(sitting, deciding)
    assert waiting <= sitting.present - sitting.recused - sitting.spoken - {deciding}


@given(sittings, people)
def test_only_present_members_without_a_conflict_speak(sitting: Sitting, member: UUID) -> None:
    assume(member not in sitting.eligible)
    with pytest.raises(Forbidden):
        check_may_speak(sitting, member)


@given(sittings, people, people)
def test_only_the_decider_decides_and_only_after_discussion(sitting: Sitting, deciding: UUID, actor: UUID) -> None:
    who = Decider(deciding, acting=False)
    if actor == deciding and actor in sitting.eligible and is_case_discussed(sitting, deciding):
        check_may_decide(sitting, who, actor)
    else:
        with pytest.raises((Forbidden, Conflict)):
            check_may_decide(sitting, who, actor)


@given(st.frozensets(st.sampled_from(sorted(MEMBERS))), st.frozensets(st.sampled_from(sorted(MEMBERS))))
def test_the_chair_decides_exactly_when_enough_sit_and_all_have_spoken(
    recused: frozenset[UUID], silent: frozenset[UUID]
) -> None:
    sitting = Sitting(MEMBERS, recused, MEMBERS - silent, quorum=3)
    who = Decider(CHAIR, acting=False)
    possible = CHAIR not in recused and len(MEMBERS - recused) >= 3 and not silent - recused - {CHAIR}
    if possible:
        check_may_decide(sitting, who, CHAIR)
        check_may_speak(sitting, CHAIR)
    else:
        with pytest.raises((Forbidden, Conflict)):
            check_may_decide(sitting, who, CHAIR)


def test_without_a_decider_a_case_is_never_discussed() -> None:
    assert not is_case_discussed(Sitting(MEMBERS, frozenset(), MEMBERS, 3), None)
    assert not is_case_discussed(Sitting(MEMBERS - {CHAIR}, frozenset(), MEMBERS, 3), CHAIR)


IN_OFFICE = [term("chair", CHAIR), term("deputy", DEPUTY), term("head_of_standards", person(5))]
DAY = OPENED.date()


@pytest.mark.parametrize(
    ("day", "recused", "decider"),
    [
        (DAY, set(), Decider(CHAIR, acting=False)),
        (date(2026, 12, 31), set(), Decider(CHAIR, acting=False)),
        (DAY, {CHAIR}, Decider(DEPUTY, acting=True)),
        (DAY, {CHAIR, DEPUTY}, None),
        (date(2027, 1, 1), set(), None),
        (date(2025, 12, 31), set(), None),
    ],
)
def test_who_decides_is_read_from_the_terms_of_that_day(day: date, recused: set[UUID], decider: Decider | None) -> None:
    """R13: a term counts on both its ends and on no day beyond; recused chairs are stood in for."""
    assert find_decider(iter(IN_OFFICE), recused, day, OPENED) == decider
    if decider is not None:
        assert require_decider(iter(IN_OFFICE), recused, day, OPENED) == decider
    else:
        with pytest.raises(Conflict) as refusal:
            require_decider(iter(IN_OFFICE), recused, day, OPENED)
        assert refusal.value.code == "no-decider"


ALL = frozenset({CHAIR, DEPUTY, person(3)})


@pytest.mark.parametrize(
    ("sitting", "actor", "code"),
    [
        (Sitting(ALL, frozenset({CHAIR}), ALL, 2), CHAIR, "recused"),
        (Sitting(ALL, frozenset(), ALL, 2), DEPUTY, "not-decider"),
        (Sitting(ALL - {CHAIR}, frozenset(), ALL, 2), CHAIR, "not-present"),
        (Sitting(ALL, frozenset({DEPUTY}), ALL, 3), CHAIR, "no-quorum"),
        (Sitting(ALL, frozenset(), frozenset({DEPUTY}), 3), CHAIR, "opinions-missing"),
    ],
)
def test_each_reason_not_to_decide_has_its_code(sitting: Sitting, actor: UUID, code: str) -> None:
    with pytest.raises((Forbidden, Conflict)) as refusal:
        check_may_decide(sitting, Decider(CHAIR, acting=False), actor)
    assert refusal.value.code == code


def test_who_has_not_spoken_is_named_and_who_is_missing_counted() -> None:
    with pytest.raises(Conflict) as silent:
        check_may_decide(Sitting(ALL, frozenset(), frozenset(), 3), Decider(CHAIR, acting=False), CHAIR)
    assert silent.value.details == {"members": sorted(str(member) for member in (DEPUTY, person(3)))}
    assert silent.value.params == {"count": 2}
    with pytest.raises(Conflict) as few:
        check_may_decide(Sitting(ALL, frozenset({DEPUTY}), ALL, 3), Decider(CHAIR, acting=False), CHAIR)
    assert few.value.params == {"there": 2, "needed": 3}


def test_absent_and_recused_members_are_told_apart_when_they_speak() -> None:
    for sitting, code in (
        (Sitting(frozenset(), frozenset({CHAIR}), frozenset(), 1), "not-present"),
        (Sitting(frozenset({CHAIR}), frozenset({CHAIR}), frozenset(), 1), "recused"),
    ):
        with pytest.raises(Forbidden) as refusal:
            check_may_speak(sitting, CHAIR)
        assert refusal.value.code == code
