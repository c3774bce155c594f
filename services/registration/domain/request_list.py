"""The list the body sends to BNSP to ask for certificate forms: nineteen columns in this order (domain handbook 5)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from services.registration.domain.form import Form
from shared.contracts.words import Judgement

COLUMNS = (
    "NO",
    "NAMA ASESI",
    "NIK",
    "TEMPAT LAHIR",
    "TANGGAL LAHIR",
    "JENIS KELAMIN",
    "TEMPAT TINGGAL",
    "KODE KOTA",
    "KODE PROVINSI",
    "TELP",
    "EMAIL",
    "KODE PENDIDIKAN",
    "KODE PEKERJAAN",
    "KODE JADWAL",
    "TANGGAL UJI",
    "NOMOR REGISTRASI ASESOR",
    "KODE SUMBER ANGGARAN",
    "KODE KEMENTERIAN",
    "K/BK",
)


@dataclass(frozen=True, slots=True)
class Codes:
    """BNSP's codes that a person's form does not hold."""

    schedule: str = ""
    occupation: str = ""
    budget: str = ""
    ministry: str = ""


@dataclass(frozen=True, slots=True)
class CodeTables:
    """What the body's settings say: codes by level of education, by words in a job, and where nothing else is said."""

    education: Mapping[str, str]
    occupations: tuple[tuple[str, tuple[str, ...]], ...]
    defaults: Codes

    def education_of(self, form: Form) -> str:
        """Return the code for the highest education in the form; empty where none is known."""
        highest = form.highest()
        return self.education.get(highest.level.value, "") if highest else ""

    def occupation_of(self, form: Form, for_period: str) -> str:
        """Return the occupation's code: by words in the current job, else the period's, else the default."""
        job = f" {form.job.position} {form.job.employer} ".casefold()
        for code, words in self.occupations:
            if any(re.search(rf"\b{re.escape(word)}", job) for word in words):
                return code
        return for_period or self.defaults.occupation


@dataclass(frozen=True, slots=True)
class Assessed:
    """One assessment with its outcome."""

    form: Form
    assessed_on: date | None
    assessor_registration: str
    judgement: Judgement


def compose_request_row(number: int, one: Assessed, codes: Codes, tables: CodeTables) -> tuple[int | str, ...]:
    """Return the nineteen cells of one line (domain handbook 5).

    All but the number are texts: a NIK is no quantity, and a date reads the same anywhere. Where the form
    gives no code of city or province, that of first registration stands: the NIK begins with it (domain handbook 3.4).
    """
    personal, defaults = one.form.personal, tables.defaults
    return (
        number,
        personal.name,
        personal.nik,
        personal.birth_place,
        write_request_day(personal.birth_date),
        personal.sex.value,
        personal.address,
        personal.city_code or personal.nik[:4],
        personal.province_code or personal.nik[:2],
        re.sub(r"[^0-9+]", "", personal.phone),
        personal.email,
        tables.education_of(one.form),
        tables.occupation_of(one.form, codes.occupation),
        codes.schedule or defaults.schedule,
        write_request_day(one.assessed_on),
        one.assessor_registration,
        codes.budget or defaults.budget,
        codes.ministry or defaults.ministry,
        one.judgement.value,
    )


def list_missing_columns(cells: tuple[int | str, ...]) -> list[str]:
    """Return the names of the columns whose cell is empty."""
    return [column for column, cell in zip(COLUMNS, cells, strict=True) if cell == ""]


def write_request_day(value: date | None) -> str:
    """Return a day as the list writes it, `05/03/1990`; empty for None."""
    return f"{value:%d/%m/%Y}" if value else ""
