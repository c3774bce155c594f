"""What goes out as a file: always to be saved, never shown by the browser as if it were a page of ours."""

import csv
import re
from collections.abc import Iterable, Sequence
from io import BytesIO, StringIO
from typing import Any
from urllib.parse import quote

import xlsxwriter
from flask import Response

from shared.web.formats import label_of
from shared.web.translation import gettext

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""A cell that begins with one of these is a formula to a spreadsheet."""
BEHIND_A_BREAK = re.compile(r"(?<=[;\t\r\n])(?=[=+\-@])")
"""Where a cell may begin all the same: spreadsheets of regions that write decimal commas, as Indonesia, part at `;`."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDTH = 24
"""Of each column of a workbook, in letters."""


def make_download(data: bytes, filename: str, content_type: str) -> Response:
    """An answer that saves `data` as a file called `filename`, and lets no browser show it as a page."""
    response = Response(data, content_type=content_type)
    plain = filename.encode("ascii", "replace").decode().replace("?", "_").replace('"', "_")
    response.headers["Content-Disposition"] = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(filename)}"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    # no "open" beside "save" where a browser has it: opened there it would count as ours
    response.headers["X-Download-Options"] = "noopen"
    return response


def make_csv_download(filename: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Response:
    """An answer that saves a table as CSV, which Excel and LibreOffice open as it is.

    `columns` are msgids; states, roles and dates among the cells are written as pages write them. UTF-8 with a byte
    order mark; a text that a spreadsheet would run as a formula begins with an apostrophe.
    """
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow([_cell(gettext(column)) for column in columns])
    writer.writerows([_cell(label_of(value)) for value in row] for row in rows)
    return make_download(out.getvalue().encode("utf-8-sig"), filename, "text/csv; charset=utf-8")


def make_xlsx_download(filename: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Response:
    """An answer that saves such a table as a workbook: a heading that stays in sight, every cell a text cell."""
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "constant_memory": True}) as book:
        sheet = book.add_worksheet()
        heading = book.add_format({"bold": True})
        text, quoted = book.add_format({"num_format": "@"}), book.add_format({"num_format": "@", "quote_prefix": True})
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(columns) - 1, WIDTH)
        for place, name in enumerate(columns):
            sheet.write_string(0, place, gettext(name), heading)
        for line, row in enumerate(rows, 1):
            for place, value in enumerate(row):
                shown = "" if value is None else str(label_of(value))
                sheet.write_string(line, place, shown, quoted if shown.startswith(DANGEROUS) else text)
    return make_download(out.getvalue(), filename, XLSX)


def _cell(value: Any) -> str:
    """A value as text; texts that begin like a formula are quoted, numbers are not."""
    text = BEHIND_A_BREAK.sub("'", "" if value is None else str(value))
    if text.startswith(DANGEROUS) and not isinstance(value, int | float):
        return "'" + text
    return text
