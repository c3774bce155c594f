"""A list of certificate numbers as somebody has it: pasted, as CSV, or as a workbook."""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from shared.errors import N_, Invalid

LINES = 10_000
"""More lines than this are two lists."""
UNPACKED = 64 * 1024 * 1024
"""A workbook may not unpack to more: a small file can hold a very large one."""
CELL = 2000
COLUMNS = {
    "number": {"number", "nomor", "no. sertifikat", "nomor sertifikat", "certificate number"},
    "reason": {"reason", "alasan"},
    "until": {"until", "sampai", "batas", "ditangguhkan sampai", "suspended until"},
}
ORDER = ("number", "reason", "until")
"""What the columns hold when no headings say so."""
DELIMITERS = "\t;,"
AFTER_NUMBER = re.compile(r'^[ "]*(?:\d[ .\-/]*){20,22}[ "]*([\t;,])', re.MULTILINE)

EMPTY = N_("Daftar ini tidak memuat satu nomor pun.")
TOO_LONG = N_("Daftar ini terlalu panjang. Bagi menjadi beberapa daftar, masing-masing paling banyak {most} baris.")
UNREADABLE = N_("Berkas ini tidak dapat dibaca. Simpan sebagai CSV (UTF-8) atau XLSX lalu unggah lagi.")


@dataclass(frozen=True, slots=True)
class ListedLine:
    """One line as it stands in the list, `line` its number there; `until` is still text, for it may be no date."""

    line: int
    number: str
    reason: str = ""
    until: str = ""


def read_text_lines(text: str, field: str = "numbers") -> list[ListedLine]:
    """One number a line, or columns parted by tab, semicolon or comma. Raises Invalid on `field`."""
    try:
        return _lines(csv.reader(io.StringIO(text), delimiter=_delimiter(text)), field)
    except csv.Error as error:
        raise _invalid("list-unreadable", UNREADABLE, field) from error


def read_file_lines(data: bytes, field: str = "file") -> list[ListedLine]:
    """A workbook's first sheet, or CSV, told apart by the content. Raises Invalid on `field`."""
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
    if after := AFTER_NUMBER.search(text):
        return after.group(1)
    first = next((line for line in text.splitlines() if line.strip()), "")
    return next((mark for mark in DELIMITERS if mark in first), "\t")


def _rows_of_workbook(data: bytes, field: str) -> list[list[str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(entry.file_size for entry in packed.infolist()) > UNPACKED:
                raise _invalid("list-too-long", TOO_LONG, field, most=LINES)
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        try:
            sheet = book.worksheets[0]
            sheet.reset_dimensions()
            return [[_text(cell) for cell in row] for row in sheet.iter_rows(
                max_row=LINES + 2, max_col=8, values_only=True)]  # fmt: skip
        finally:
            book.close()
    except (zipfile.BadZipFile, InvalidFileException, KeyError, IndexError, ValueError, ParseError, OSError) as error:
        raise _invalid("list-unreadable", UNREADABLE, field) from error


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def _lines(rows: Iterable[Sequence[str]], field: str) -> list[ListedLine]:
    found: list[ListedLine] = []
    columns: dict[str, int] | None = None
    for at, row in enumerate(rows, start=1):
        cells = [str(cell).replace("\x00", "").strip()[:CELL] for cell in row]
        if not any(cells):
            continue
        if columns is None:
            columns = _headings(cells)
            if columns:
                continue
            columns = {name: place for place, name in enumerate(ORDER)}
        values = {name: cells[place] for name, place in columns.items() if place < len(cells)}
        found.append(ListedLine(at, values.get("number", ""), values.get("reason", ""), values.get("until", "")))
        if len(found) > LINES:
            raise _invalid("list-too-long", TOO_LONG, field, most=LINES)
    if not found:
        raise _invalid("list-empty", EMPTY, field)
    return found


def _headings(cells: Sequence[str]) -> dict[str, int]:
    """Where each column is, when the first row names them; empty when it is a line already."""
    names = [cell.casefold() for cell in cells]
    found = {name: names.index(word) for name, known in COLUMNS.items() for word in names if word in known}
    return found if "number" in found else {}


def _invalid(code: str, message: str, field: str, **params: Any) -> Invalid:
    return Invalid(code, message, fields={field: message}, **params)
