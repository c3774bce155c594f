from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registration.domain.identity import (
    PROVINCES,
    Doubt,
    Nik,
    Sex,
    list_nik_doubts,
    read_nik,
)
from shared.errors import Invalid
from shared.persons import check_person_name, write_in_capitals

WOMAN = "3175014507900001"
MAN = "3175010507900001"


def nik_of(born_on: date, sex: Sex, serial: int = 1, place: int = 317501) -> str:
    day = born_on.day + (40 if sex is Sex.FEMALE else 0)
    return f"{place:06}{day:02}{born_on.month:02}{born_on.year % 100:02}{serial:04}"


births = st.dates(date(1930, 1, 1), date(2009, 12, 31))
sexes = st.sampled_from(Sex)
serials = st.integers(1, 9999)
places = st.sampled_from(sorted(PROVINCES)).flatmap(lambda code: st.integers(code * 10_000 + 101, code * 10_000 + 9999))


@pytest.mark.parametrize(
    "typed",
    [
        "٣١٧٥٠١٤٥٠٧٩٠٠٠٠١",
        "３１７５０１４５０７９００００１",
        "3175\u20110145\u20130790\u00a00001",
        "\u202a3175 0145 0790 0001\u202c",
        "'3175014507900001",
    ],
)
def test_a_nik_is_read_however_it_was_pasted(typed: str) -> None:
    assert read_nik(typed).digits == "3175014507900001"


@pytest.mark.parametrize("province", ["00", "10", "20", "37", "54", "66", "77", "83", "90", "97", "99"])
def test_an_unknown_province_is_a_warning_and_no_refusal(province: str) -> None:
    nik = read_nik(f"{province}75014507900001")
    assert [doubt.field for doubt in list_nik_doubts(nik, None, None)] == ["nik"]


def test_a_nik_says_where_when_and_who() -> None:
    assert read_nik(WOMAN) == Nik(WOMAN, "31", "75", "01", 5, 7, 90, Sex.FEMALE, "0001")
    assert read_nik(MAN).sex is Sex.MALE


@given(births, sexes, serials, places)
def test_every_nik_that_follows_the_rules_is_accepted_without_a_doubt(
    born_on: date, sex: Sex, serial: int, place: int
) -> None:
    nik = read_nik(nik_of(born_on, sex, serial, place))
    assert nik.agrees_with(born_on)
    assert list_nik_doubts(nik, born_on, sex) == []


@given(births, sexes)
def test_a_nik_may_be_typed_in_groups(born_on: date, sex: Sex) -> None:
    plain = nik_of(born_on, sex)
    for sign in " .-":
        assert read_nik(sign.join([plain[:6], plain[6:12], plain[12:]])).digits == plain


@given(st.text(max_size=20))
def test_whatever_is_typed_is_read_or_refused_with_the_field_named(typed: str) -> None:
    try:
        fields = {"personal.nik"} if len(read_nik(typed, "personal.nik").digits) == 16 else set()
    except Invalid as refusal:
        fields = set(refusal.fields)
    assert fields == {"personal.nik"}


@given(st.from_regex(r"[0-9]{16}", fullmatch=True))
def test_sixteen_digits_are_accepted_exactly_when_day_month_and_serial_can_be(digits: str) -> None:
    day, month, year = int(digits[6:8]), int(digits[8:10]), int(digits[10:12])
    day -= 40 if day > 40 else 0
    existed = any(_is_day(century + year, month, day) for century in (1900, 2000))
    if existed and digits[12:] != "0000":
        assert read_nik(digits).digits == digits
    else:
        with pytest.raises(Invalid):
            read_nik(digits)


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "317501450790000",
        "31750145079000011",
        "3175014507900000",
        "3175010007900001",
        "3175014007900001",
        "3175013207900001",
        "3175017207900001",
        "3175010513900001",
        "3175010500900001",
        "3175013102900001",
        "3175012902910001",
        "317501O507900001",
    ],
)
def test_what_no_nik_can_be_is_refused(wrong: str) -> None:
    with pytest.raises(Invalid) as refusal:
        read_nik(wrong, "person.nik")
    assert refusal.value.code == "nik-invalid"
    assert set(refusal.value.fields) == {"person.nik"}


@given(births, births, sexes, sexes)
def test_a_difference_from_the_form_is_a_doubt_and_never_a_refusal(
    in_nik: date, on_form: date, sex_in_nik: Sex, sex_on_form: Sex
) -> None:
    found = list_nik_doubts(read_nik(nik_of(in_nik, sex_in_nik)), on_form, sex_on_form)
    same_day = (in_nik.day, in_nik.month, in_nik.year % 100) == (on_form.day, on_form.month, on_form.year % 100)
    assert ("born_on" in {doubt.field for doubt in found}) is not same_day
    assert ("sex" in {doubt.field for doubt in found}) is (sex_in_nik is not sex_on_form)
    assert all(isinstance(doubt, Doubt) and doubt.message for doubt in found)


def test_nothing_is_doubted_of_what_the_form_does_not_say() -> None:
    assert list_nik_doubts(read_nik(WOMAN), None, None) == []


@given(st.text(max_size=60))
def test_block_capitals_stay_as_they_are_when_written_again(name: str) -> None:
    once = write_in_capitals(name)
    assert write_in_capitals(once) == once
    assert "  " not in once


def test_a_name_in_block_capitals_has_one_space_between_its_words() -> None:
    assert write_in_capitals("  siti   nur'aini, a.md. ") == "SITI NUR'AINI, A.MD."


@pytest.mark.parametrize(
    "name", ["Siti Nur'aini, A.Md.", "José Ramos-Horta", "M. Yusuf", "Ñusta", "Ketua LSP (contoh)"]
)
def test_a_name_keeps_its_letters_and_signs(name: str) -> None:
    assert check_person_name(f" {name} ") == name


@pytest.mark.parametrize("wrong", ["", "   ", "...", "R2D2", "Budi <b>", "x" * 121, "a\u0000b"])
def test_what_is_no_name_is_refused_and_the_field_named(wrong: str) -> None:
    with pytest.raises(Invalid) as refusal:
        check_person_name(wrong, "full_name")
    assert refusal.value.code == "name-invalid"
    assert set(refusal.value.fields) == {"full_name"}


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
