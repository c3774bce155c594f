"""The stock of pre-printed sheets on pages (domain handbook 5)."""

from typing import Any
from uuid import UUID

from flask import Response, request
from werkzeug.wrappers import Response as BaseResponse

from services.certificate.access import PAPER_KEEPERS, PAPER_READERS
from services.certificate.blueprints import pages
from services.certificate.paper import api, commands
from services.certificate.paper.commands import GiveOut, Receive, Spoil, UseSheets
from services.certificate.paper.domain import LARGEST_RUN, PAPER_NAMES, Manner, SheetState
from services.certificate.paper.queries import sheets as sheet_queries
from services.certificate.paper.queries import stock as queries
from services.certificate.paper.queries.sheets import HANDED, WAITING, SheetQuery
from services.certificate.paper.queries.stock import ToPrintQuery
from shared import clock
from shared.errors import N_
from shared.schemes import shipped_schemes
from shared.web import (
    Form,
    PageQuery,
    allow,
    current_actor,
    current_language,
    gettext,
    leave_notice,
    noting_look,
    read_query,
    reading,
    redirect_to,
    render_page,
    unit_of_work,
)

CHOICES = ((WAITING, N_("Terpakai, belum diserahkan")), (HANDED, N_("Sudah diserahkan")))


@pages.get("/paper")
@allow(PAPER_READERS)
def show_stock() -> Response:
    """The stock of sheets: what is there, what waits for paper, what was received."""
    query = read_query(PageQuery)
    with reading() as session:
        found, ranges = queries.view_stock(session), queries.list_stock_ranges(session, query)
    return render_page(
        "certificate/paper/stock.html",
        found=found,
        ranges=ranges,
        query=query,
        may_act=current_actor().has(*PAPER_KEEPERS),
    )


@pages.route("/paper/receive", methods=["GET", "POST"])
@allow(PAPER_KEEPERS)
def submit_stock_range() -> Response | BaseResponse:
    """Take sheets that came with a letter into stock."""
    form = Form(Receive, values={"received_on": clock.today()})
    if form.submitted():
        with form.refusing():
            with unit_of_work() as session:
                stock = commands.receive_sheets(session, current_actor(), form.value)
            leave_notice(N_("{number} lembar blanko masuk persediaan."), number=stock.last - stock.first + 1)
            return redirect_to("pages.show_stock")
    return render_page("certificate/paper/receive.html", form=form)


@pages.route("/paper/waiting", methods=["GET", "POST"])
@allow(PAPER_READERS)
def submit_print_run() -> Response | BaseResponse:
    """Certificates without a sheet; the keepers choose some and give them the sheets on top of the pile."""
    query = read_query(ToPrintQuery)
    form = Form(UseSheets)
    if request.method == "POST" and current_actor().has(*PAPER_KEEPERS) and form.submitted():
        with form.refusing():
            with unit_of_work() as session:
                run_id = commands.use_sheets(session, current_actor(), form.value)
            return redirect_to("pages.show_print_run", run_id=run_id)
    with reading() as session:
        found, meetings = queries.list_certificates_to_print(session, query), queries.list_meetings_to_print(session)
        proposed = queries.find_next_label(session)
    return render_page(
        "certificate/paper/waiting.html",
        form=form,
        found=found,
        query=query,
        meetings=meetings,
        proposed=proposed,
        most=LARGEST_RUN,
        schemes=[(scheme.id, scheme.title.in_language(current_language())) for scheme in shipped_schemes().current()],
        may_act=current_actor().has(*PAPER_KEEPERS),
    )


@pages.get("/paper/runs/<uuid:run_id>")
@allow(PAPER_READERS)
def show_print_run(run_id: UUID) -> Response:
    """What was given sheets together: print the file, then mark what was spoiled."""
    query = read_query(SheetQuery).model_copy(update={"run": run_id})
    with reading() as session:
        found = sheet_queries.list_sheets(session, query)
    return render_page(
        "certificate/paper/run.html", found=found, run_id=run_id, may_act=current_actor().has(*PAPER_KEEPERS)
    )


@pages.get("/paper/runs/<uuid:run_id>/pdf")
@allow(PAPER_KEEPERS)
def show_print_run_pdf(run_id: UUID) -> Response:
    """The certificates of a run as one file for the printer."""
    return api.answer_print_run_pdf(run_id)


@pages.get("/paper/sheets")
@allow(PAPER_READERS)
def show_sheets() -> Response:
    """All sheets, searched and filtered."""
    query = read_query(SheetQuery)
    with reading() as session:
        found = sheet_queries.list_sheets(session, query)
    states = [(state.value, gettext(PAPER_NAMES[state])) for state in SheetState]
    return render_page(
        "certificate/paper/sheets.html",
        found=found,
        query=query,
        states=[*states, *((value, gettext(text)) for value, text in CHOICES)],
    )


@pages.get("/paper/sheets.csv")
@allow(PAPER_READERS)
def show_sheets_csv() -> Response:
    """All sheets as CSV, filtered as the page is."""
    return api.answer_sheets_csv(read_query(SheetQuery))


@pages.get("/paper/sheets/<uuid:sheet_id>")
@allow(PAPER_READERS)
def show_sheet(sheet_id: UUID) -> Response:
    """One sheet: what stands on it, and what became of it."""
    with noting_look() as session:
        found = commands.open_sheet(session, current_actor(), sheet_id)
    return render_page("certificate/paper/sheet.html", found=found, may_act=current_actor().has(*PAPER_KEEPERS))


@pages.get("/paper/sheets/<uuid:sheet_id>/pdf")
@allow(PAPER_KEEPERS)
def show_sheet_pdf(sheet_id: UUID) -> Response:
    """The certificate of one sheet, for the printer."""
    return api.answer_sheet_pdf(sheet_id)


@pages.get("/paper/sheets/<uuid:sheet_id>/receipt")
@allow(PAPER_KEEPERS)
def show_receipt(sheet_id: UUID) -> Response:
    """The receipt that both sides sign when a certificate is handed over."""
    return api.answer_receipt_pdf(sheet_id)


@pages.route("/paper/sheets/<uuid:sheet_id>/spoil", methods=["GET", "POST"])
@allow(PAPER_KEEPERS)
def submit_spoiling(sheet_id: UUID) -> Response | BaseResponse:
    """Ask what happened to a sheet, then note it as spoiled."""
    form = Form(Spoil)
    if form.submitted():
        with form.refusing():
            with unit_of_work() as session:
                sheet = commands.spoil_sheet(session, current_actor(), sheet_id, form.value)
            leave_notice(N_("Lembar {label} tercatat rusak."), label=sheet.label)
            return redirect_to("pages.show_sheet", sheet_id=sheet_id)
    return _act("certificate/paper/spoil.html", sheet_id, form)


@pages.route("/paper/sheets/<uuid:sheet_id>/hand-over", methods=["GET", "POST"])
@allow(PAPER_KEEPERS)
def submit_hand_over(sheet_id: UUID) -> Response | BaseResponse:
    """Ask who received a certificate and how, then note it."""
    form = Form(GiveOut, values={"handed_on": clock.today(), "manner": Manner.HOLDER})
    if form.submitted():
        with form.refusing():
            with unit_of_work() as session:
                commands.hand_over_certificate(session, current_actor(), sheet_id, form.value)
            leave_notice(N_("Penyerahan sertifikat tercatat."))
            return redirect_to("pages.show_sheet", sheet_id=sheet_id)
    return _act("certificate/paper/hand_over.html", sheet_id, form)


def _act(template: str, sheet_id: UUID, form: Form[Any]) -> Response:
    with reading() as session:
        found = sheet_queries.view_sheet(session, sheet_id)
    return render_page(template, form=form, found=found, manners=list(Manner))
