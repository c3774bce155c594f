"""The record and the recommendation drawn from it (R2)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.assessment.domain.recording import (
    Cell,
    Verdict,
    conclude_recommendation,
    derive_judgements,
    enter_judgements,
    find_missing_cells,
)
from shared.contracts.words import Judgement, UnitJudgement
from shared.errors import Conflict, Invalid

units = st.dictionaries(
    st.sampled_from(["U1", "U2", "U3", "U4"]),
    st.lists(st.sampled_from(["written", "oral", "portfolio"]), min_size=1, unique=True),
    min_size=1,
)
AGREED = {"U1": ["written", "oral"], "U2": ["portfolio"]}


@given(st.data(), units)
def test_a_unit_is_k_only_when_every_method_showed_k(data: st.DataObject, agreed: dict[str, list[str]]) -> None:
    matrix = {u: {m: data.draw(st.sampled_from(Judgement)) for m in methods} for u, methods in agreed.items()}
    derived = derive_judgements(matrix, agreed)
    assert list(derived) == list(agreed)
    for unit, judgement in derived.items():
        assert (judgement is Judgement.K) == (Judgement.BK not in matrix[unit].values())


@given(st.data(), units)
def test_an_incomplete_record_yields_nothing(data: st.DataObject, agreed: dict[str, list[str]]) -> None:
    pairs = [(unit, method) for unit, methods in agreed.items() for method in methods]
    left_out = data.draw(st.sampled_from(pairs))
    cells = [Cell(unit, method, Judgement.K) for unit, method in pairs if (unit, method) != left_out]
    matrix = enter_judgements({}, agreed, cells)
    assert find_missing_cells(matrix, agreed) == [left_out]
    with pytest.raises(Conflict) as refusal:
        derive_judgements(matrix, agreed)
    assert refusal.value.code == "record-incomplete"
    assert refusal.value.details == {"missing": [{"unit": left_out[0], "method": left_out[1]}]}
    assert ": 1 isian lagi" in str(refusal.value)


@pytest.mark.parametrize("cell", [Cell("U9", "written", Judgement.K), Cell("U2", "oral", Judgement.K)])
def test_only_agreed_methods_are_recorded(cell: Cell) -> None:
    with pytest.raises(Invalid) as refusal:
        enter_judgements({}, AGREED, [Cell("U1", "oral", Judgement.K), cell])
    assert refusal.value.code == "record-unknown-cell"
    assert list(refusal.value.fields) == ["judgements.1"]


def test_a_later_entry_replaces_the_earlier_and_leaves_the_rest() -> None:
    first = enter_judgements({}, AGREED, [Cell("U1", "oral", Judgement.BK), Cell("U2", "portfolio", Judgement.K)])
    second = enter_judgements(first, AGREED, [Cell("U1", "oral", Judgement.K)])
    assert first["U1"]["oral"] is Judgement.BK
    assert second == {"U1": {"oral": Judgement.K}, "U2": {"portfolio": Judgement.K}}


def test_the_confirmed_recommendation_keeps_the_order_of_the_units() -> None:
    derived = {"U1": Judgement.K, "U2": Judgement.BK}
    confirmed = conclude_recommendation(derived, [Verdict("U2", Judgement.BK, ""), Verdict("U1", Judgement.K, "")])
    assert confirmed == [
        UnitJudgement(unit="U1", judgement=Judgement.K),
        UnitJudgement(unit="U2", judgement=Judgement.BK),
    ]


def test_differing_from_the_record_needs_a_reason() -> None:
    with pytest.raises(Invalid) as refusal:
        conclude_recommendation({"U1": Judgement.BK}, [Verdict("U1", Judgement.K, "  ")])
    assert refusal.value.code == "recommendation-units"
    assert list(refusal.value.fields) == ["units.0.note"]
    assert (
        conclude_recommendation({"U1": Judgement.BK}, [Verdict("U1", Judgement.K, "bukti tambahan")])[0].judgement
        is Judgement.K
    )


@given(st.lists(st.sampled_from(["U1", "U2", "U3"]), max_size=5))
def test_every_unit_is_recommended_exactly_once(named: list[str]) -> None:
    derived = {"U1": Judgement.K, "U2": Judgement.K}
    verdicts = [Verdict(unit, Judgement.K, "") for unit in named]
    if sorted(named) == ["U1", "U2"]:
        assert [judged.unit for judged in conclude_recommendation(derived, verdicts)] == ["U1", "U2"]
    else:
        with pytest.raises(Invalid):
            conclude_recommendation(derived, verdicts)
