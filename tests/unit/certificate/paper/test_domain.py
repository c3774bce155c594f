"""Numbers of sheets, as they are typed from a delivery note."""

import pytest

from services.certificate.paper.domain import LARGEST_RANGE, label_sheet, read_sheet_range
from shared.errors import Invalid


def test_a_range_holds_its_first_and_its_last_sheet() -> None:
    assert read_sheet_range("000101", "000103") == (range(101, 104), 6)
    assert read_sheet_range("7", "7") == (range(7, 8), 1)


def test_the_largest_range_is_taken_and_one_more_is_not() -> None:
    numbers, _ = read_sheet_range("00001", f"{LARGEST_RANGE:05}")
    assert len(numbers) == LARGEST_RANGE
    with pytest.raises(Invalid):
        read_sheet_range("00001", f"{LARGEST_RANGE + 1:05}")


@pytest.mark.parametrize(
    ("first", "last", "fields"),
    [
        ("", "12", {"first"}),
        ("12", "١٢", {"last"}),
        ("a", "b", {"first", "last"}),
        ("1", "1" * 13, {"last"}),
        ("99", "101", {"last"}),
        ("102", "101", {"last"}),
    ],
)
def test_what_is_no_range_is_said_where_it_is_wrong(first: str, last: str, fields: set[str]) -> None:
    with pytest.raises(Invalid) as refused:
        read_sheet_range(first, last)
    assert set(refused.value.fields) == fields


def test_a_sheet_is_called_as_it_is_printed() -> None:
    assert label_sheet("BNSP", 101, 6) == "BNSP 000101"
    assert label_sheet("", 101, 2) == "101"
