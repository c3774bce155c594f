"""The request list as a workbook that BNSP, Excel and LibreOffice read alike (domain handbook 5)."""

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any

import xlsxwriter

from services.registration.domain.request_list import COLUMNS
from shared.web.downloads import DANGEROUS

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHEET = "Permohonan"
WIDTHS = (5, 26, 19, 15, 12, 10, 30, 8, 10, 16, 26, 12, 12, 10, 12, 20, 12, 14, 6)
HEADING_HEIGHT, LINE_HEIGHT = 48, 15
LINE, SHADE = "#9AA7AA", "#E3F0F3"
A4 = 9


def write_request_workbook(rows: Iterable[Sequence[int | str]]) -> bytes:
    """Return the xlsx: one heading row, then the rows; every text a text cell, whatever it looks like.

    A text that a spreadsheet could take for a formula once somebody edits it is marked as quoted.
    """
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet(SHEET)
        cell = {"num_format": "@", "text_wrap": True, "valign": "top", "border": 1, "border_color": LINE}
        heading = book.add_format({**cell, "bold": True, "valign": "vcenter", "bg_color": SHADE})
        text, quoted = book.add_format(cell), book.add_format({**cell, "quote_prefix": True})
        number = book.add_format({**cell, "num_format": "0"})
        sheet.set_row(0, HEADING_HEIGHT)
        for column, (name, width) in enumerate(zip(COLUMNS, WIDTHS, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, name, heading)
        for at, cells in enumerate(rows, 1):
            sheet.set_row(at, LINE_HEIGHT * _lines(cells))
            for column, value in enumerate(cells):
                if isinstance(value, int):
                    sheet.write_number(at, column, value, number)
                else:
                    sheet.write_string(at, column, value, quoted if value.startswith(DANGEROUS) else text)
        _set_up_page(sheet)
    return out.getvalue()


def _lines(cells: Sequence[int | str]) -> int:
    """How many lines the longest text takes in its column: not every program finds the height itself."""
    return max(-(-len(str(value)) // width) or 1 for value, width in zip(cells, WIDTHS, strict=True))


def _set_up_page(sheet: Any) -> None:
    """The headings stay in sight and on every page; all columns fit across the paper."""
    sheet.freeze_panes(1, 2)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.set_margins(0.3, 0.3, 0.4, 0.4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
