"""Lists as people have them."""

import io
import zipfile
from contextlib import suppress
from datetime import date
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from services.certificate.bulk import lists
from services.certificate.bulk.commands.foreseeing import read_day
from services.certificate.bulk.domain import read_certificate_number
from services.certificate.bulk.lists import (
    AFTER_NUMBER,
    LINES,
    ListedLine,
    parse_file_lines,
    read_file_lines,
    read_text_lines,
)
from services.certificate.making.domain import compose_certificate_number
from shared.errors import Invalid
from shared.runtime.confinement import Confinement

NUMBER = "91011 2622 5 000001 2026"


def workbook(rows: list[list[object]]) -> bytes:
    book, held = Workbook(), io.BytesIO()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    book.save(held)
    return held.getvalue()


@pytest.mark.parametrize(
    "text",
    [
        f"{NUMBER}\n\n{NUMBER}",
        f"Nomor sertifikat\r\n{NUMBER}\r\n\r\n{NUMBER}\r\n",
        f"\n{NUMBER}\n \n{NUMBER}   \n",
    ],
)
def test_one_number_a_line_blank_lines_and_headings_aside(text: str) -> None:
    assert [line.number for line in read_text_lines(text)] == [NUMBER, NUMBER]


@pytest.mark.parametrize("mark", ["\t", ";", ","])
def test_columns_in_any_usual_form(mark: str) -> None:
    text = mark.join([NUMBER, "Alasan contoh", "2027-01-31"])
    assert read_text_lines(text) == [ListedLine(1, NUMBER, "Alasan contoh", "2027-01-31")]


def test_some_lines_may_have_columns_and_others_not() -> None:
    text = f"{NUMBER}\n{NUMBER}; Alasan, contoh; 2027-01-31\n{NUMBER}"
    assert [line.reason for line in read_text_lines(text)] == ["", "Alasan, contoh", ""]


def test_headings_may_come_in_any_order_and_a_reason_may_hold_the_mark() -> None:
    text = f'Sampai;Alasan;Nomor\n31/01/2027;"satu; dua";{NUMBER}'
    assert read_text_lines(text) == [ListedLine(2, NUMBER, "satu; dua", "31/01/2027")]


def test_a_file_of_excels_csv_and_a_workbook_say_the_same() -> None:
    rows: list[list[object]] = [["Nomor", "Alasan", "Batas"], [NUMBER, "Alasan contoh", date(2027, 1, 31)]]
    text = f"\ufeffNomor;Alasan;Batas\r\n{NUMBER};Alasan contoh;2027-01-31\r\n".encode()
    assert read_file_lines(workbook(rows)) == read_file_lines(text) == [
        ListedLine(2, NUMBER, "Alasan contoh", "2027-01-31")
    ]  # fmt: skip


@pytest.mark.parametrize(
    "data", [b"", b"\n\n", b"Nomor;Alasan\n", b"\xff\xfe\x00x", b"PK\x03\x04 torn", b"a\x00b", b"\x89PNG\r\n\x1a\n"]
)
def test_what_is_no_list_is_refused_with_what_to_do(data: bytes) -> None:
    with pytest.raises(Invalid) as refusal:
        read_file_lines(data)
    assert set(refusal.value.fields) == {"file"}


def test_a_workbook_that_is_another_zip_is_refused() -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as packed:
        packed.writestr("word/document.xml", "<x/>")
    with pytest.raises(Invalid):
        read_file_lines(held.getvalue())


def test_a_small_file_that_unpacks_to_a_very_large_one_is_refused() -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/sharedStrings.xml", b" " * (80 * 1024 * 1024))
    assert len(held.getvalue()) < 200_000
    with pytest.raises(Invalid):
        read_file_lines(held.getvalue())


def packed(parts: dict[str, bytes]) -> bytes:
    """A workbook of one sheet, with `parts` added or put in place of its own."""
    held = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook([[NUMBER]]))) as book,
        zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for name in book.namelist():
            made.writestr(name, parts.get(name, book.read(name)))
        for name in parts.keys() - set(book.namelist()):
            made.writestr(name, parts[name])
    return held.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
BOMBS = {
    "rows without end": {SHEET: f'<worksheet xmlns="{MAIN}"><sheetData>{"<row/>" * 4_000_000}'.encode()},
    "a thousand parts": {f"xl/media/image{at}.png": b"" for at in range(1000)},
    "much of everything": {f"xl/{at}.bin": Random(at).randbytes(200_000) * 10 for at in range(20)},
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_is_refused_by_its_directory(bomb: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """This failure mode means 70 kB that keep a processor busy for most of a minute."""
    monkeypatch.setattr(lists, "load_workbook", lambda *_, **__: pytest.fail("it was unpacked"))
    with pytest.raises(Invalid) as refusal:
        parse_file_lines(packed(BOMBS[bomb]))
    assert refusal.value.code == "list-too-heavy"


def test_a_workbook_that_takes_too_long_or_too_much_is_refused_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    cells = "".join(f'<c t="inlineStr"><is><t>{at * 7919 % 10**9}</t></is></c>' for at in range(300_000))
    heavy = packed({SHEET: f'<worksheet xmlns="{MAIN}"><sheetData><row>{cells}</row></sheetData></worksheet>'.encode()})
    for confinement in (Confinement(seconds=1, memory_mb=512), Confinement(seconds=20, memory_mb=80)):
        monkeypatch.setattr(lists, "READERS", confinement)
        with pytest.raises(Invalid) as refusal:
            read_file_lines(heavy)
        assert refusal.value.code == "list-too-heavy"
        assert "CSV" in refusal.value.fields["file"]
        confinement.stop()


def test_a_number_cell_has_lost_digits_and_its_place_is_told() -> None:
    with pytest.raises(Invalid, match="B2"):
        read_file_lines(workbook([["Alasan", "Nomor"], ["contoh", 91011262250000012026]]))


def test_a_line_is_looked_at_no_further_than_it_is_needed() -> None:
    """This failure mode means a regular expression that takes six seconds for 20 kB of blanks after a number."""
    digits = "".join(NUMBER.split())
    text = f"{digits}{' ' * 20_000}x\n{digits};Alasan contoh"
    met: list[str] = []

    class Watching:
        def match(self, line: str) -> object:
            met.append(line)
            return AFTER_NUMBER.match(line)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lists, "AFTER_NUMBER", Watching())
        assert [line.reason for line in read_text_lines(text)] == ["", "Alasan contoh"]
    assert max(map(len, met)) <= lists.BEGINNING


def test_blank_lines_without_end_are_too_long() -> None:
    with pytest.raises(Invalid) as refusal:
        read_text_lines("\n" * (lists.ROWS + 1) + NUMBER)
    assert refusal.value.code == "list-too-long"


def test_cells_without_end_are_looked_at_no_further() -> None:
    assert read_text_lines(f"{NUMBER};contoh" + ";" * 100_000) == [ListedLine(1, NUMBER, "contoh")]


def test_a_cell_far_away_costs_nothing(tmp_path: Path) -> None:
    book = Workbook()
    assert book.active is not None
    book.active["A1"] = NUMBER
    book.active["XFD1048576"] = "x"
    book.save(tmp_path / "far.xlsx")
    assert [line.number for line in read_file_lines((tmp_path / "far.xlsx").read_bytes())] == [NUMBER]


def test_too_many_lines_are_two_lists() -> None:
    with pytest.raises(Invalid):
        read_text_lines("\n".join([NUMBER] * (LINES + 1)))


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(Invalid):
        assert all(line.line >= 1 for line in read_text_lines(text))


@given(st.integers(1, 99_999_999), st.integers(2020, 2100), st.sampled_from(["", " ", "  ", ".", "-", "\u00a0", "\t"]))
def test_a_number_is_found_however_it_is_spaced(serial: int, year: int, mark: str) -> None:
    number = compose_certificate_number("91011", "2622", 5, serial, year)
    assert read_certificate_number(f" {number.replace(' ', mark)} ") == number


@pytest.mark.parametrize("text", ["", "x", "12345", "9" * 40, "٩" * 19])
def test_what_is_no_number_stays_as_it_was_typed(text: str) -> None:
    assert read_certificate_number(f"  {text} ") == text


@pytest.mark.parametrize("text", ["2027-01-31", "31/01/2027", "31-01-2027", "31.01.2027", " 2027-01-31 "])
def test_a_day_in_the_usual_forms(text: str) -> None:
    assert read_day(text) == date(2027, 1, 31)


@pytest.mark.parametrize("text", ["", "besok", "31/02/2027", "2027-13-01", "01/31/2027"])
def test_what_is_no_day(text: str) -> None:
    assert read_day(text) is None
