"""One check for each datum of a person, whatever a word processor or a telephone put into it."""

import pytest

from shared.errors import Invalid
from shared.pasted_text import tidy_text
from shared.persons import check_person_name, check_phone, is_same_name, normalise_email, write_in_capitals


@pytest.mark.parametrize("mark", "\u2018\u2019`\u00b4\u02bc\u2032")
def test_what_looks_like_an_apostrophe_is_one(mark: str) -> None:
    assert check_person_name(f"Sa{mark}diyah") == "Sa'diyah"


@pytest.mark.parametrize("mark", "\u2010\u2011\u2013\u2212")
def test_what_looks_like_a_hyphen_is_one(mark: str) -> None:
    assert check_person_name(f"Rai{mark}Rai") == "Rai-Rai"


@pytest.mark.parametrize("mark", ["\u200b", "\u202c", "\ufeff", "\u2066", "\u200d"])
def test_invisible_marks_are_taken_off(mark: str) -> None:
    assert check_person_name(f"{mark}Siti{mark} Aminah{mark}") == "Siti Aminah"
    assert normalise_email(f"{mark}Siti@contoh.test{mark}") == "siti@contoh.test"
    assert check_phone(f"{mark}0812\u20110000\u20110001{mark}") == "0812-0000-0001"


@pytest.mark.parametrize("name", ["", "...", "Siti <b>", "Siti;Aminah", "X" * 121, "Siti 2"])
def test_what_is_no_name_is_refused_at_its_field(name: str) -> None:
    with pytest.raises(Invalid) as refusal:
        check_person_name(name, "holder_name")
    assert set(refusal.value.fields) == {"holder_name"}


def test_capitals_are_those_of_the_diploma() -> None:
    assert write_in_capitals(" siti \u200b nur\u2019aini ") == "SITI NUR'AINI"


def test_a_signature_is_the_name_however_it_was_typed() -> None:
    assert is_same_name("siti  nur\u2019aini", "SITI NUR'AINI")
    assert not is_same_name("", "")
    assert not is_same_name("Siti", "SITI NUR'AINI")


@pytest.mark.parametrize("typed", ["", "0812", "telepon", "+62-812-0000-0001-0000-0000"])
def test_what_is_no_telephone_number(typed: str) -> None:
    with pytest.raises(Invalid):
        check_phone(typed)


def test_plain_text_stays_as_it_is() -> None:
    assert tidy_text("Jl. Contoh No. 1 (RT 01/RW 02)") == "Jl. Contoh No. 1 (RT 01/RW 02)"
