import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.certificate.making.domain import (
    NumbersUsedUp,
    compose_certificate_number,
    compose_registration_number,
    name_certificate_counter,
    name_registration_counter,
)

YEARS = st.integers(2020, 2100)


def test_a_certificate_number_reads_as_the_handbook_shows_it() -> None:
    assert compose_certificate_number("91011", "2622", 5, 1, 2026) == "91011 2622 5 000001 2026"


def test_a_registration_number_reads_as_the_handbook_shows_it() -> None:
    assert compose_registration_number("PRP", "0000", 1, 2026) == "PRP 0000 00001 2026"


@given(st.sets(st.integers(1, 99_999_999), min_size=2, max_size=50), YEARS)
def test_different_serials_never_give_the_same_certificate_number(serials: set[int], year: int) -> None:
    assert len({compose_certificate_number("91011", "2622", 5, serial, year) for serial in serials}) == len(serials)


@given(st.integers(1, 99_999_999), YEARS)
def test_a_certificate_number_has_five_parts_and_a_serial_of_six_to_eight_places(serial: int, year: int) -> None:
    parts = compose_certificate_number("91011", "2622", 5, serial, year).split(" ")
    assert [len(part) for part in parts[:3]] == [5, 4, 1]
    assert 6 <= len(parts[3]) <= 8
    assert int(parts[3]) == serial


@given(st.integers(1, 99_999), YEARS)
def test_a_registration_number_holds_its_serial_in_five_places(serial: int, year: int) -> None:
    assert compose_registration_number("PRP", "0000", serial, year).split(" ")[2] == f"{serial:05d}"


@pytest.mark.parametrize("serial", [0, -1, 100_000_000])
def test_a_serial_that_does_not_fit_a_certificate_number_is_an_error(serial: int) -> None:
    with pytest.raises(NumbersUsedUp):
        compose_certificate_number("91011", "2622", 5, serial, 2026)


@pytest.mark.parametrize("serial", [0, 100_000])
def test_a_serial_that_does_not_fit_a_registration_number_is_an_error(serial: int) -> None:
    with pytest.raises(NumbersUsedUp):
        compose_registration_number("PRP", "0000", serial, 2026)


def test_registration_counts_anew_each_year_and_certificates_never_do() -> None:
    assert name_registration_counter(2026) != name_registration_counter(2027)
    assert name_certificate_counter() == name_certificate_counter()
