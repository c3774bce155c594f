"""The paper a certificate is printed on: BNSP's numbered sheets, each used at most once (domain handbook 5)."""

import re
from collections.abc import Mapping
from enum import Enum, StrEnum

from shared.errors import N_, Invalid

LARGEST_RANGE = 10_000
LARGEST_RUN = 200
DIGITS = re.compile(r"[0-9]{1,12}", re.ASCII)


class SheetState(StrEnum):
    """Of one sheet. A used one carries a certificate; a spoiled one is kept with its reason and counted."""

    FREE = "free"
    USED = "used"
    SPOILED = "spoiled"


class Manner(StrEnum):
    """How a certificate gets to its holder."""

    HOLDER = "holder"
    COURIER = "courier"


PAPER_NAMES: Mapping[Enum, str] = {
    SheetState.FREE: N_("Belum dipakai"),
    SheetState.USED: N_("Terpakai"),
    SheetState.SPOILED: N_("Rusak"),
    Manner.HOLDER: N_("Diambil pemegang"),
    Manner.COURIER: N_("Dikirim lewat kurir"),
}


def read_sheet_range(first: str, last: str) -> tuple[range, int]:
    """The numbers from `first` to `last` as printed on the sheets, and how many digits they have.

    Raises Invalid on `first` or `last`: no digits, of different lengths, the wrong way round, or too many at once.
    """
    wrong = {
        name: N_("Tulis nomor lembar dengan angka seperti tercetak, misalnya 000101.")
        for name, value in (("first", first), ("last", last))
        if not DIGITS.fullmatch(value)
    }
    if not wrong and len(first) != len(last):
        wrong["last"] = N_("Nomor pertama dan terakhir harus sama banyak angkanya, dengan nol di depan.")
    if not wrong and int(last) < int(first):
        wrong["last"] = N_("Nomor terakhir lebih kecil daripada nomor pertama.")
    if not wrong and int(last) - int(first) >= LARGEST_RANGE:
        wrong["last"] = N_("Paling banyak 10.000 lembar sekali terima; bagi menjadi beberapa penerimaan.")
    if wrong:
        raise Invalid("stock-range", N_("Rentang nomor blanko belum benar."), fields=wrong)
    return range(int(first), int(last) + 1), len(first)


def label_sheet(prefix: str, number: int, digits: int) -> str:
    """The number as it is printed on the sheet: `BNSP 000101`."""
    return f"{prefix} {number:0{digits}d}".strip()
