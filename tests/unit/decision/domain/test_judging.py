"""K and BK over attempts, and what may be made of a recommendation (R11, R28)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.decision.domain.judging import (
    Opinion,
    check_opinion,
    find_bk_units,
    find_deviations,
    judge_overall,
    judge_units,
    merge_judgements,
)
from shared.contracts.words import Judgement
from shared.errors import Invalid
from tests.unit.decision.domain.strategies import units

K, BK = Judgement.K, Judgement.BK


@given(units)
def test_the_whole_is_k_only_when_every_unit_is_k(found: dict[str, Judgement]) -> None:
    assert (judge_overall(found) is K) == (BK not in found.values())


def test_an_application_without_units_is_never_k() -> None:
    assert judge_overall({}) is BK


@given(units, units)
def test_a_k_from_an_earlier_attempt_stays_k(standing: dict[str, Judgement], attempt: dict[str, Judgement]) -> None:
    result = merge_judgements(standing, attempt)
    assert all(result[code] is K for code, found in standing.items() if found is K)


@given(units, units)
def test_merging_keeps_every_unit_and_takes_over_what_was_assessed_again(
    standing: dict[str, Judgement], attempt: dict[str, Judgement]
) -> None:
    result = merge_judgements(standing, attempt)
    assert set(result) == set(standing) | set(attempt)
    assert all(result[code] is found for code, found in attempt.items() if standing.get(code) is not K)
    assert all(result[code] is found for code, found in standing.items() if code not in attempt)


@given(units)
def test_only_bk_units_are_left_for_a_reassessment(found: dict[str, Judgement]) -> None:
    left = find_bk_units(found)
    assert left == sorted(left)
    assert set(left) == {code for code in found if found[code] is BK}


@given(units)
def test_following_the_recommendation_needs_no_reason(recommended: dict[str, Judgement]) -> None:
    assert judge_units(recommended, None, "") == recommended
    assert judge_units(recommended, recommended, " ") == recommended


@given(units, st.data())
def test_a_deviation_is_refused_without_a_reason_and_taken_with_one(
    recommended: dict[str, Judgement], data: st.DataObject
) -> None:
    turned = data.draw(st.sampled_from(sorted(recommended)))
    chosen = {turned: BK if recommended[turned] is K else K}
    with pytest.raises(Invalid) as refusal:
        judge_units(recommended, chosen, "  ")
    assert "reason" in refusal.value.fields
    decided = judge_units(recommended, chosen, "bukti kurang (contoh)")
    assert find_deviations(recommended, decided) == [turned]


@given(units, units)
def test_units_outside_the_attempt_cannot_be_decided(
    recommended: dict[str, Judgement], chosen: dict[str, Judgement]
) -> None:
    strangers = set(chosen) - set(recommended)
    if not strangers:
        assert set(judge_units(recommended, chosen, "alasan")) == set(recommended)
        return
    with pytest.raises(Invalid) as refusal:
        judge_units(recommended, chosen, "alasan")
    assert {name.removeprefix("units.") for name in refusal.value.fields} == strangers


def test_a_member_who_differs_says_why() -> None:
    with pytest.raises(Invalid):
        check_opinion(Opinion.DIFFERS, " ")
    check_opinion(Opinion.DIFFERS, "bukti lama (contoh)")
    check_opinion(Opinion.AGREES, "")
