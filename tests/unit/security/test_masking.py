import pytest

from shared.security.masking import mask_nik


def test_the_middle_of_a_nik_is_hidden() -> None:
    assert mask_nik("3175014507900001") == "3175********0001"


@pytest.mark.parametrize("short", ["1", "12345678"])
def test_a_short_number_is_hidden_wholly(short: str) -> None:
    assert set(mask_nik(short)) == {"*"}


@pytest.mark.parametrize("missing", ["", None])
def test_a_missing_number_shows_nothing(missing: str | None) -> None:
    assert mask_nik(missing) == ""
