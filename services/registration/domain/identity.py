"""Who somebody is: the identity number (NIK, domain 3.4)."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from shared.errors import N_, Invalid
from shared.pasted_text import remove_grouping

DAYS_IN_MONTH = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
DAY_OF_WOMEN = 40
PROVINCES = frozenset(
    {*range(11, 20), 21, *range(31, 37), 51, 52, 53, *range(61, 66), *range(71, 77), 81, 82, *range(91, 97)}
)
"""Codes of the provinces by the Ministry of Home Affairs (Permendagri 72/2019 and the laws of 2022 on Papua)."""

SIXTEEN = N_("NIK terdiri atas 16 angka. Periksa kembali pada KTP.")
NO_SERIAL = N_("Empat angka terakhir NIK tidak boleh 0000. Periksa kembali pada KTP.")
NO_SUCH_DAY = N_("Angka ke-7 sampai ke-12 NIK bukan tanggal yang ada. Periksa kembali pada KTP.")
OTHER_PROVINCE = N_("Dua angka pertama NIK bukan kode provinsi yang dikenal. Cocokkan dengan KTP.")
OTHER_BIRTH_DATE = N_("Tanggal lahir pada formulir berbeda dari tanggal di dalam NIK.")
OTHER_SEX = N_("Jenis kelamin pada formulir berbeda dari jenis kelamin di dalam NIK.")


class Sex(StrEnum):
    """As the request list to BNSP writes it: laki-laki, perempuan."""

    MALE = "L"
    FEMALE = "P"


@dataclass(frozen=True, slots=True)
class Nik:
    """An identity number taken apart. The year has two digits only; the place is that of first registration."""

    digits: str
    province: str
    regency: str
    district: str
    day: int
    month: int
    year: int
    sex: Sex
    serial: str

    def agrees_with(self, born_on: date) -> bool:
        """Whether the date in the number can be this birth date; the number has no century."""
        return (self.day, self.month, self.year) == (born_on.day, born_on.month, born_on.year % 100)


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something for the verifier to look at; never a reason to refuse by itself."""

    field: str
    message: str


def ungroup_nik(typed: str) -> str:
    """The number without what it was grouped with: one number has one way to be written, and one blind index."""
    return remove_grouping(typed)


def read_nik(typed: str, field: str = "nik") -> Nik:
    """Take the number apart, however it was grouped when typed.

    Raises Invalid for what no NIK can be (domain handbook 3.4): not 16 digits, an impossible day or month, serial 0000.
    The year has no century, so 29 February passes wherever one of the centuries had it.
    """
    digits = ungroup_nik(typed)
    if not re.fullmatch(r"[0-9]{16}", digits):
        raise _no_nik(field, SIXTEEN)
    day, month, year = int(digits[6:8]), int(digits[8:10]), int(digits[10:12])
    sex = Sex.FEMALE if day > DAY_OF_WOMEN else Sex.MALE
    day -= DAY_OF_WOMEN if sex is Sex.FEMALE else 0
    if not _possible(day, month, year):
        raise _no_nik(field, NO_SUCH_DAY)
    if digits[12:] == "0000":
        raise _no_nik(field, NO_SERIAL)
    return Nik(digits, digits[:2], digits[2:4], digits[4:6], day, month, year, sex, digits[12:])


def list_nik_doubts(nik: Nik, born_on: date | None, sex: Sex | None) -> list[Doubt]:
    """Return an unknown province, and where number and form differ: warnings to the verifier, never a refusal.

    NIKs are not reissued when a birth date or sex is corrected (domain handbook 3.4), so an honest person may differ.
    """
    found = []
    if int(nik.province) not in PROVINCES:
        found.append(Doubt("nik", OTHER_PROVINCE))
    if born_on is not None and not nik.agrees_with(born_on):
        found.append(Doubt("born_on", OTHER_BIRTH_DATE))
    if sex is not None and sex is not nik.sex:
        found.append(Doubt("sex", OTHER_SEX))
    return found


def _possible(day: int, month: int, year: int) -> bool:
    if not 1 <= month <= 12 or not 1 <= day <= DAYS_IN_MONTH[month - 1]:
        return False
    return (day, month) != (29, 2) or year % 4 == 0


def _no_nik(field: str, problem: str) -> Invalid:
    return Invalid("nik-invalid", problem, fields={field: problem})
