from datetime import date

import pytest

from services.registration.body_settings import read_code_tables
from services.registration.domain.request_list import (
    COLUMNS,
    Assessed,
    Codes,
    CodeTables,
    compose_request_row,
    list_missing_columns,
)
from shared.contracts.words import Judgement
from tests.unit.registration.forms import form

TABLES = CodeTables(
    education={"D2": "6", "S2": "9"},
    occupations=(("1", ("pns",)), ("2", ("guru", "dosen"))),
    defaults=Codes(occupation="9", budget="7"),
)


NO_CODES = Codes()


def line(codes: Codes = NO_CODES, met: str = "MET.000.1 contoh", **sections: object) -> dict[str, object]:
    one = Assessed(form(**sections), date(2026, 3, 5), met, Judgement.K)
    return dict(zip(COLUMNS, compose_request_row(4, one, codes, TABLES), strict=True))


def test_every_column_comes_from_where_it_belongs() -> None:
    assert line(Codes(schedule="J-9", ministry="K-1")) == {
        "NO": 4,
        "NAMA ASESI": "SARI CONTOH",
        "NIK": "3175014505900001",
        "TEMPAT LAHIR": "Jakarta",
        "TANGGAL LAHIR": "05/05/1990",
        "JENIS KELAMIN": "P",
        "TEMPAT TINGGAL": "Jl. Contoh 1",
        "KODE KOTA": "3175",
        "KODE PROVINSI": "31",
        "TELP": "081200000001",
        "EMAIL": "sari@contoh.test",
        "KODE PENDIDIKAN": "6",
        "KODE PEKERJAAN": "9",
        "KODE JADWAL": "J-9",
        "TANGGAL UJI": "05/03/2026",
        "NOMOR REGISTRASI ASESOR": "MET.000.1 contoh",
        "KODE SUMBER ANGGARAN": "7",
        "KODE KEMENTERIAN": "K-1",
        "K/BK": "K",
    }


def test_there_are_nineteen_columns() -> None:
    assert len(COLUMNS) == len(set(COLUMNS)) == 19


def test_the_region_of_the_identity_number_stands_in_where_the_form_gives_none() -> None:
    cells = line(personal={"city_code": "", "province_code": "", "nik": "3273014505900001"})
    assert (cells["KODE KOTA"], cells["KODE PROVINSI"]) == ("3273", "32")


def test_a_telephone_number_is_written_without_what_people_put_between() -> None:
    assert line(personal={"phone": "+62 (812) 000-0001"})["TELP"] == "+628120000001"


def test_the_highest_schooling_counts() -> None:
    schools = [{"level": "S2", "institution": "A", "year": 2010}, {"level": "D2", "institution": "B", "year": 2020}]
    assert line(education=schools)["KODE PENDIDIKAN"] == "9"


@pytest.mark.parametrize(
    ("position", "for_period", "expected"),
    [
        ("Guru SMA", "", "2"),
        ("Pensiunan PNS", "5", "1"),
        ("Pengajar", "5", "5"),
        ("Swasta", "", "9"),
        ("Lingguru", "", "9"),
    ],
)
def test_the_occupation_goes_by_words_then_by_period_then_by_default(
    position: str, for_period: str, expected: str
) -> None:
    cells = line(Codes(occupation=for_period), job={"position": position, "employer": "Contoh"})
    assert cells["KODE PEKERJAAN"] == expected


def test_columns_nothing_is_known_for_are_named() -> None:
    one = Assessed(form(personal={"birth_date": None}), None, "", Judgement.BK)
    assert list_missing_columns(compose_request_row(1, one, Codes(), TABLES)) == [
        "TANGGAL LAHIR",
        "KODE JADWAL",
        "TANGGAL UJI",
        "NOMOR REGISTRASI ASESOR",
        "KODE KEMENTERIAN",
    ]


def test_the_body_settings_know_every_level_of_education() -> None:
    assert set(read_code_tables().education) == {"SLTA", "D1", "D2", "D3", "D4/S1", "S2", "S3"}
