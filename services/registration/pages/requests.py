"""The list for BNSP on pages: chosen, looked through, taken; the codes of a period (domain handbook 5)."""

from uuid import UUID

from werkzeug.wrappers import Response

from services.registration.access import REQUEST_LIST_TAKERS
from services.registration.api.requests import download_request_workbook, view_codes_of_period
from services.registration.commands import requests as commands
from services.registration.commands.requests import SetCodes
from services.registration.domain.request_list import COLUMNS
from services.registration.models import NO_PERIOD
from services.registration.pages.blueprint import pages
from services.registration.queries import periods
from services.registration.queries import requests as queries
from services.registration.queries.requests import RequestQuery
from shared.contracts.words import Judgement
from shared.errors import N_
from shared.web import (
    Form,
    allow,
    current_actor,
    leave_notice,
    leaving_refusals,
    read_query,
    reading,
    redirect_to,
    render_page,
    unit_of_work,
)


@pages.get("/requests")
@allow(REQUEST_LIST_TAKERS)
def show_request_list() -> Response:
    """Show the list for BNSP, narrowed as asked."""
    query = read_query(RequestQuery)
    with reading() as session:
        found, known = queries.list_request_lines(session, query), periods.list_all_periods(session)
        meetings = queries.list_deciding_meetings(session)
    return render_page(
        "registration/requests/list.html",
        found=found,
        query=query,
        periods=known,
        meetings=meetings,
        states=list(Judgement),
        columns=len(COLUMNS),
        no_period=NO_PERIOD,
    )


@pages.get("/requests.xlsx")
@allow(REQUEST_LIST_TAKERS)
def show_request_workbook() -> Response:
    """Download the list for BNSP as a workbook."""
    query = read_query(RequestQuery)
    with leaving_refusals():
        return download_request_workbook(query)
    return redirect_to("pages.show_request_list", **query.asked())


@pages.route("/requests/codes/<uuid:period_id>", methods=["GET", "POST"])
@allow(REQUEST_LIST_TAKERS)
def show_request_codes(period_id: UUID) -> Response:
    """Show and keep BNSP's codes for a period."""
    found = view_codes_of_period(period_id)
    form = Form(SetCodes, values=found.model_dump(include=set(SetCodes.model_fields)))
    if form.submitted():
        with form.refusing():
            with unit_of_work() as session:
                commands.set_request_codes(session, current_actor(), period_id, form.value)
            leave_notice(N_("Kode untuk daftar BNSP tersimpan."))
            return redirect_to("pages.show_request_list", period=period_id)
    return render_page("registration/requests/codes.html", form=form, found=found)
