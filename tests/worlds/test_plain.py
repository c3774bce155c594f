"""What is put aside before two answers are compared: identifiers by the order they come in, and nothing else."""

from io import BytesIO
from uuid import uuid4

import openpyxl
import pytest

from tests.pdfs import write_pdf
from tests.worlds.crawl import Journey, Visitor
from tests.worlds.differences import compare
from tests.worlds.plain import Names, read_content
from tests.worlds.world import drawn_by

ONE = "0d9f2a0e-6d2c-4f5e-9b43-2b1d3c4e5f60"
OTHER = "7c1b8f1e-93a4-4d52-8e6f-a0b1c2d3e4f5"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def test_the_same_identifier_is_the_same_symbol_and_another_is_another() -> None:
    names = Names()
    assert names.hide_ids(f"{ONE} {OTHER} {ONE}") == "<id 0> <id 1> <id 0>"
    assert names.hide_ids(OTHER) == "<id 1>"
    assert names.hide_ids(ONE.replace("-", "")) == "<id 0>"


def test_two_systems_that_give_identifiers_in_another_structure_differ() -> None:
    assert Names().hide_ids(f"{ONE} {ONE}") != Names().hide_ids(f"{ONE} {OTHER}")


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-28T08:40:00+00:00",
        "28 November 2026 pukul 15.40",
        "3175014107900077",
        "Content-Length: 812",
        'ETag: "9b43"',
        "K BK 3 dari 3",
        "91011 2622 5 000001 2026",
        f"{ONE[:-1]}",
        "sha256 " + "ab" * 32,
    ],
)
def test_nothing_else_is_put_aside(text: str) -> None:
    assert Names().hide_ids(text) == text


def test_a_pdf_is_read_with_what_it_tells_of_itself() -> None:
    assert "/Title: rahasia" in read_content(write_pdf(lambda pdf: pdf.docinfo.__setitem__("/Title", "rahasia")), "")


def test_a_workbook_is_read_sheet_by_sheet() -> None:
    book, out = openpyxl.Workbook(), BytesIO()
    book.active.append(["RAHASIA", 7])
    book.create_sheet("kedua").append(["BK"])
    book.save(out)
    told = read_content(out.getvalue(), XLSX)
    assert "('RAHASIA', 7)" in told
    assert "kedua: ('BK',)" in told


def test_bytes_that_are_no_text_differ_when_they_differ() -> None:
    assert read_content(b"\xff\x01", "") != read_content(b"\xff\x02", "")


def test_a_step_draws_the_same_in_both_systems() -> None:
    def draw(name: str) -> object:
        with drawn_by(name):
            return uuid4()

    assert draw("appeal") == draw("appeal")
    assert draw("appeal") != draw("panel")


def test_a_page_that_is_led_to_in_one_system_only_is_named() -> None:
    visitor = Visitor("asesor")
    told = compare("A", Journey(visitor, {"GET /x": "1"}), "B", Journey(visitor, {"GET /x": "1", "GET /y": "1"}))
    assert told == ["A / B: asesor is led to GET /y in one of them only"]


def test_a_difference_names_person_page_and_lines() -> None:
    visitor = Visitor("asesor")
    told = compare("A", Journey(visitor, {"GET /x": "a\nb"}), "B", Journey(visitor, {"GET /x": "a\nc"}))
    assert told == ["A / B: asesor: GET /x: -b | +c"]
