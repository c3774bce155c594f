"""The request list as a workbook that BNSP, Excel and LibreOffice read alike (domain handbook 5)."""

from collections.abc import Iterable, Sequence
from io import BytesIO

import xlsxwriter

from services.registration.domain.request_list import COLUMNS
from shared.web.downloads import DANGEROUS

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHEET = "Permohonan"
WIDTHS = (5, 30, 19, 18, 13, 8, 40, 8, 9, 16, 28, 11, 11, 12, 12, 22, 11, 12, 6)
A4 = 9


def workbook(rows: Iterable[Sequence[int | str]]) -> bytes:
    """The xlsx: one heading row, then the rows; every text a text cell, whatever it looks like.

    A text that a spreadsheet could take for a formula once somebody edits it is marked as quoted.
    """
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet(SHEET)
        heading = book.add_format(
            {"bold": True, "text_wrap": True, "valign": "vcenter", "border": 1, "bg_color": "#E3F0F3"}
        )
        text = book.add_format({"num_format": "@"})
        quoted = book.add_format({"num_format": "@", "quote_prefix": True})
        for column, (name, width) in enumerate(zip(COLUMNS, WIDTHS, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, name, heading)
        for at, cells in enumerate(rows, 1):
            for column, cell in enumerate(cells):
                if isinstance(cell, int):
                    sheet.write_number(at, column, cell)
                else:
                    sheet.write_string(at, column, cell, quoted if cell.startswith(DANGEROUS) else text)
        sheet.freeze_panes(1, 2)
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
    return out.getvalue()
