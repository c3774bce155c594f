"""Versions of one certificate: what a reduction leaves, and one new version at a time (R16)."""

import pytest

from services.certificate.domain.printed import Printed
from services.certificate.domain.versions import (
    Cause,
    check_remaining_units,
    derive_check_code,
    is_same_sheet,
    refuse_second_version,
    refuse_while_reducing,
)
from shared.errors import Conflict, Invalid

HELD = ["A", "B", "C"]


def test_the_typed_code_is_the_first_ten_letters_in_two_parts() -> None:
    assert derive_check_code("abcdefghijklmnop") == "abcde-fghij"


def test_what_is_left_keeps_the_order_of_the_certificate() -> None:
    assert check_remaining_units(HELD, ["C", "A"]) == ["A", "C"]


@pytest.mark.parametrize(
    ("kept", "code"), [(["A", "X", "W"], "units-unknown"), ([], "units-none"), (["C", "B", "A"], "units-all")]
)
def test_a_reduction_takes_some_units_and_leaves_some(kept: list[str], code: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_remaining_units(HELD, kept)
    assert refused.value.code == code
    assert set(refused.value.fields) == {"units"}


def test_unknown_units_are_named_in_order() -> None:
    with pytest.raises(Invalid) as refused:
        check_remaining_units(HELD, ["X", "A", "W"])
    assert refused.value.params == {"units": "W, X"}


@pytest.mark.parametrize("making", [None, Cause.FIRST, Cause.CORRECTION])
def test_only_a_reduction_in_the_making_holds_others_up(making: Cause | None) -> None:
    refuse_while_reducing(making)
    with pytest.raises(Conflict, match="sedang dikurangi"):
        refuse_while_reducing(Cause.REDUCTION)


def test_one_version_is_made_at_a_time() -> None:
    refuse_second_version(None)
    with pytest.raises(Conflict):
        refuse_second_version(Cause.CORRECTION)


def test_sheets_are_the_same_but_for_what_each_version_has_of_its_own() -> None:
    sheet = Printed(name="SITI", check_url="a", check_code="b", version=1, version_date="c")
    assert is_same_sheet(sheet, Printed(name="SITI", version=2, check_url="z"))
    assert not is_same_sheet(sheet, sheet.model_copy(update={"name": "SITI N."}))
    assert not is_same_sheet(sheet, sheet.model_copy(update={"decree": "1/2026"}))
