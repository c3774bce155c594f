"""A list of certificate numbers as somebody has it: pasted, as CSV, or as a workbook."""

import csv
import io
import itertools
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from shared.errors import N_, Invalid
from shared.pasted_text import tidy_code, tidy_text
from shared.runtime.confinement import Confinement, Overran

READERS = Confinement(seconds=8, memory_mb=320)
"""A workbook of 10,000 lines takes a second and 60 MiB."""
LINES = 10_000
"""More lines than this are two lists."""
ROWS = 5 * LINES
"""Blank ones included."""
UNPACKED = 32 * 1024 * 1024
"""A workbook may not unpack to more: a small file can hold a very large one."""
PARTS = 500
"""Files inside a workbook; one of three sheets has about twenty."""
DENSEST, DENSE_FROM = 200, 1024 * 1024
"""A part of a workbook that unpacks to more than a MiB, and to so many times its size, was made to be a burden."""
CELL = 2000
CELLS = 64
"""What stands further right is not looked at."""
COLUMNS = {
    "number": {"number", "nomor", "no. sertifikat", "nomor sertifikat", "certificate number"},
    "reason": {"reason", "alasan"},
    "until": {"until", "sampai", "batas", "ditangguhkan sampai", "suspended until"},
}
ORDER = ("number", "reason", "until")
"""What the columns hold when no headings say so."""
DELIMITERS = "\t;,"
BEGINNING = 200
"""How much of a line is looked at to find its delimiter: a number, however it is spaced, and what follows."""
AFTER_NUMBER = re.compile(r'[ "]*(\d[\d .\-/"]*)([\t;,])')
DIGITS = range(20, 23)

EMPTY = N_("Daftar ini tidak memuat satu nomor pun.")
TOO_LONG = N_("Daftar ini terlalu panjang. Bagi menjadi beberapa daftar, masing-masing paling banyak {most} baris.")
TOO_HEAVY = N_("Berkas ini terlalu berat untuk dibaca. Simpan lembar daftarnya saja sebagai CSV (UTF-8), lalu unggah.")
NUMBER_CELL = N_(
    "Sel ini angka; jadikan teks: lembar {sheet}, sel {cell} (baris {row}, kolom {column}). "
    "Angka sepanjang ini kehilangan digit terakhirnya saat disimpan: jadikan kolom nomor teks, isi ulang, lalu unggah."
)
UNREADABLE = N_("Berkas ini tidak dapat dibaca. Simpan sebagai CSV (UTF-8) atau XLSX lalu unggah lagi.")


class NumberCell(str):
    """What a cell of a workbook shows that holds a number; `place` says where it stands."""

    place: dict[str, str | int]


@dataclass(frozen=True, slots=True)
class ListedLine:
    """One line as it stands in the list, `line` its number there; `until` is still text, for it may be no date."""

    line: int
    number: str
    reason: str = ""
    until: str = ""


def read_text_lines(text: str, field: str = "numbers") -> list[ListedLine]:
    """One number a line, or columns parted by tab, semicolon or comma. Raises Invalid on `field`."""
    text = tidy_text(text)
    try:
        return _lines(csv.reader(io.StringIO(text), delimiter=_delimiter(text)), field)
    except csv.Error as error:
        raise _invalid("list-unreadable", UNREADABLE, field) from error


def read_file_lines(data: bytes, field: str = "file") -> list[ListedLine]:
    """A workbook's first sheet, or CSV, told apart by the content, and read in a process with limits.

    Raises Invalid on `field`, also for a file that takes too much to read; Unavailable while others are being read.
    """
    try:
        return READERS.run(parse_file_lines, data, field)
    except Overran as error:
        raise _invalid("list-too-heavy", TOO_HEAVY, field) from error


def parse_file_lines(data: bytes, field: str = "file") -> list[ListedLine]:
    """Read the lines in this very process: for `read_file_lines` alone, as a small file can take gigabytes."""
    if data.startswith(b"PK\x03\x04"):
        return _lines(_rows_of_workbook(data, field), field)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _invalid("list-unreadable", UNREADABLE, field) from error
    if "\x00" in text:
        raise _invalid("list-unreadable", UNREADABLE, field)
    return read_text_lines(text, field)


def _delimiter(text: str) -> str:
    """What follows the first number that is followed by anything; else what stands in the first line."""
    for line in itertools.islice(io.StringIO(text), ROWS):
        after = AFTER_NUMBER.match(line[:BEGINNING])
        if after and sum(letter.isdigit() for letter in after[1]) in DIGITS:
            return after[2]
    first = next((line for line in itertools.islice(io.StringIO(text), ROWS) if line.strip()), "")
    return next((mark for mark in DELIMITERS if mark in first), "\t")


def _rows_of_workbook(data: bytes, field: str) -> list[list[str]]:
    try:
        _check_packed(data, field)
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        try:
            sheet = book.worksheets[0]
            sheet.reset_dimensions()
            rows = sheet.iter_rows(max_row=LINES + 2, max_col=8, values_only=True)
            return [[_text(cell, sheet.title, line, column) for column, cell in enumerate(row)]
                    for line, row in enumerate(rows, 1)]  # fmt: skip
        finally:
            book.close()
    except (zipfile.BadZipFile, InvalidFileException, KeyError, IndexError, ValueError, SyntaxError, OSError) as error:
        raise _invalid("list-unreadable", UNREADABLE, field) from error


def _check_packed(data: bytes, field: str) -> None:
    """Judged by the directory of the archive alone, before anything is unpacked; no entry yields more than it says."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        parts = packed.infolist()
    dense = any(part.file_size > max(DENSE_FROM, DENSEST * part.compress_size) for part in parts)
    if dense or len(parts) > PARTS or sum(part.file_size for part in parts) > UNPACKED:
        raise _invalid("list-too-heavy", TOO_HEAVY, field)


def _text(cell: object, sheet: str, row: int, column: int) -> str:
    if cell is None:
        return ""
    if isinstance(cell, int | float):
        number = NumberCell(cell)
        letter = get_column_letter(column + 1)
        number.place = {"sheet": sheet, "cell": f"{letter}{row}", "row": row, "column": letter}
        return number
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def _lines(rows: Iterable[Sequence[str]], field: str) -> list[ListedLine]:
    found: list[ListedLine] = []
    columns: dict[str, int] | None = None
    for at, row in enumerate(rows, start=1):
        if at > ROWS:
            raise _invalid("list-too-long", TOO_LONG, field, most=LINES)
        cells = [tidy_text(cell.replace("\x00", "")).strip()[:CELL] for cell in row[:CELLS]]
        if not any(cells):
            continue
        if columns is None:
            columns = _headings(cells)
            if columns:
                continue
            columns = {name: place for place, name in enumerate(ORDER)}
        values = {name: cells[place] for name, place in columns.items() if place < len(cells)}
        given = row[columns["number"]] if "number" in values else ""
        if isinstance(given, NumberCell):
            raise _invalid("list-number-cell", NUMBER_CELL, field, **given.place)
        number, until = tidy_code(values.get("number", "")), tidy_code(values.get("until", ""))
        found.append(ListedLine(at, number, values.get("reason", ""), until))
        if len(found) > LINES:
            raise _invalid("list-too-long", TOO_LONG, field, most=LINES)
    if not found:
        raise _invalid("list-empty", EMPTY, field)
    return found


def _headings(cells: Sequence[str]) -> dict[str, int]:
    """Where each column is, when the first row names them; empty when it is a line already."""
    names = [tidy_code(cell).casefold() for cell in cells]
    found = {name: names.index(word) for name, known in COLUMNS.items() for word in names if word in known}
    return found if "number" in found else {}


def _invalid(code: str, message: str, field: str, **params: Any) -> Invalid:
    return Invalid(code, message, fields={field: message}, **params)
