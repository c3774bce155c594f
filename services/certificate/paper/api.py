"""The stock of pre-printed sheets over HTTP: received, used, spoiled, certificates handed over."""

from collections.abc import Sequence
from uuid import UUID

from flask import Response
from pydantic import BaseModel
from sqlalchemy.orm import Session

from services.certificate.access import PAPER_KEEPERS, PAPER_READERS
from services.certificate.blueprints import api
from services.certificate.paper import commands
from services.certificate.paper import print_files as printing
from services.certificate.paper.models import StockSheet
from services.certificate.paper.queries import sheets as sheet_queries
from services.certificate.paper.queries import stock as queries
from services.certificate.paper.queries.sheets import SheetQuery, SheetView
from services.certificate.paper.queries.stock import RangeView, StockView, ToPrint, ToPrintQuery
from shared import clock
from shared.access_log import Look, note_looks
from shared.pagination import Page, PageQuery
from shared.web import (
    ById,
    allow,
    current_actor,
    file_response,
    make_csv_download,
    make_download,
    reading,
    unit_of_work,
)

PDF = "application/pdf"


class Ranges(Page[RangeView]):
    """One page of what was received."""


class PrintList(Page[ToPrint]):
    """One page of the certificates that stand on no sheet yet."""


class Sheets(Page[SheetView]):
    """One page of the sheets."""


class Run(BaseModel):
    """What was given sheets together; its PDF is to be printed on them."""

    run_id: UUID
    sheets: list[SheetView]


def answer_sheets_csv(query: SheetQuery) -> Response:
    """The whole list of sheets, for a spreadsheet."""
    with unit_of_work() as session:
        people = sheet_queries.list_sheet_holders(session, query)
        note_looks(session, current_actor(), people, Look.EXPORT, "sheets")
        return make_csv_download("blanko.csv", sheet_queries.CSV_COLUMNS, sheet_queries.list_sheet_rows(session, query))


def answer_print_run_pdf(run_id: UUID) -> Response:
    """The certificates of a run, each on its sheet; who took the file is noted."""
    with unit_of_work() as session:
        sheets = sheet_queries.list_run_sheets(session, run_id)
        papers = _taken(session, sheets)
    return make_download(printing.print_on_stock(papers), f"blanko-{_plain(sheets[0].label)}-{len(sheets)}.pdf", PDF)


def answer_sheet_pdf(sheet_id: UUID) -> Response:
    """One certificate on its sheet; who took the file is noted."""
    with unit_of_work() as session:
        sheet = sheet_queries.find_used_sheet(session, sheet_id)
        papers = _taken(session, [sheet])
    return make_download(printing.print_on_stock(papers), f"blanko-{_plain(sheet.label)}.pdf", PDF)


def answer_receipt_pdf(sheet_id: UUID) -> Response:
    """The receipt to be signed by both sides."""
    with unit_of_work() as session:
        sheet = sheet_queries.find_used_sheet(session, sheet_id)
        commands.note_sheet_look(session, current_actor(), sheet)
        data = printing.describe_receipt(sheet)
    return make_download(printing.render_receipt(data, clock.now()), f"tanda-terima-{_plain(sheet.label)}.pdf", PDF)


def _taken(session: Session, sheets: Sequence[StockSheet]) -> list[printing.Paper]:
    commands.note_printing(session, current_actor(), sheets)
    return [printing.gather_paper(sheet) for sheet in sheets]


def _plain(sheet_label: str) -> str:
    return sheet_label.lower().replace(" ", "-").replace("/", "-")


@api.get("/paper", responses={200: StockView})
@allow(PAPER_READERS)
def get_stock() -> StockView:
    """How many sheets there are, how many are left, what waits for paper."""
    with reading() as session:
        return queries.view_stock(session)


@api.get("/paper/ranges", responses={200: Ranges})
@allow(PAPER_READERS)
def get_stock_ranges(query: PageQuery) -> Ranges:
    """What was received, with the balance of each range."""
    with reading() as session:
        return Ranges.model_validate(queries.list_stock_ranges(session, query).model_dump())


@api.post("/paper/ranges", responses={201: RangeView})
@allow(PAPER_KEEPERS)
def post_stock_range(body: commands.Receive) -> tuple[RangeView, int]:
    """Take a range of sheets into stock."""
    with unit_of_work() as session:
        return queries.view_stock_range(session, commands.receive_sheets(session, current_actor(), body).id), 201


@api.get("/paper/waiting", responses={200: PrintList})
@allow(PAPER_READERS)
def get_certificates_to_print(query: ToPrintQuery) -> PrintList:
    """Certificates in force that stand on no sheet yet."""
    with reading() as session:
        return PrintList.model_validate(queries.list_certificates_to_print(session, query).model_dump())


@api.post("/paper/runs", responses={201: Run})
@allow(PAPER_KEEPERS)
def post_print_run(body: commands.UseSheets) -> tuple[Run, int]:
    """Give certificates a sheet each, in the order of their numbers."""
    with unit_of_work() as session:
        run_id = commands.use_sheets(session, current_actor(), body)
        sheets = sheet_queries.list_run_sheets(session, run_id)
        return Run(run_id=run_id, sheets=[sheet_queries.describe_stock_sheet(sheet) for sheet in sheets]), 201


@api.get("/paper/runs/<uuid:id>/pdf", responses={200: file_response(PDF)})
@allow(PAPER_KEEPERS)
def get_print_run_pdf(path: ById) -> Response:
    """The certificates of a run as one file, in the order of the sheets."""
    return answer_print_run_pdf(path.id)


@api.get("/paper/sheets", responses={200: Sheets})
@allow(PAPER_READERS)
def get_sheets(query: SheetQuery) -> Sheets:
    """Sheets: free, used, spoiled; `status=waiting` printed but not handed over, `handed` handed over."""
    with reading() as session:
        return Sheets.model_validate(sheet_queries.list_sheets(session, query).model_dump())


@api.get("/paper/sheets.csv", responses={200: file_response("text/csv")})
@allow(PAPER_READERS)
def get_sheets_csv(query: SheetQuery) -> Response:
    """The whole list as a table."""
    return answer_sheets_csv(query)


@api.get("/paper/sheets/<uuid:id>", responses={200: SheetView})
@allow(PAPER_READERS)
def get_sheet(path: ById) -> SheetView:
    """One sheet with everything that happened to it. Answers 404 when there is none with this id."""
    with unit_of_work() as session:
        return commands.open_sheet(session, current_actor(), path.id)


@api.get("/paper/sheets/<uuid:id>/pdf", responses={200: file_response(PDF)})
@allow(PAPER_KEEPERS)
def get_sheet_pdf(path: ById) -> Response:
    """The certificate of one sheet, to be printed on it."""
    return answer_sheet_pdf(path.id)


@api.post("/paper/sheets/<uuid:id>/spoil", responses={200: SheetView})
@allow(PAPER_KEEPERS)
def post_spoiling(path: ById, body: commands.Spoil) -> SheetView:
    """Note that a sheet was spoiled."""
    with unit_of_work() as session:
        return sheet_queries.describe_stock_sheet(commands.spoil_sheet(session, current_actor(), path.id, body))


@api.post("/paper/sheets/<uuid:id>/hand-over", responses={201: SheetView})
@allow(PAPER_KEEPERS)
def post_hand_over(path: ById, body: commands.GiveOut) -> tuple[SheetView, int]:
    """Note that a printed certificate was handed over."""
    with unit_of_work() as session:
        commands.hand_over_certificate(session, current_actor(), path.id, body)
        return sheet_queries.view_sheet(session, path.id), 201


@api.get("/paper/sheets/<uuid:id>/receipt", responses={200: file_response(PDF)})
@allow(PAPER_KEEPERS)
def get_receipt(path: ById) -> Response:
    """The receipt, to be signed."""
    return answer_receipt_pdf(path.id)
