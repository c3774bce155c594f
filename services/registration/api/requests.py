"""The list for BNSP over HTTP: looked at, taken as a workbook, its codes kept (domain handbook 5)."""

from uuid import UUID

from flask import Response

from services.registration import request_sheet
from services.registration.access import REQUEST_LIST_TAKERS
from services.registration.api.blueprint import api
from services.registration.commands import requests as commands
from services.registration.commands.requests import SetCodes
from services.registration.queries import requests as queries
from services.registration.queries.requests import CodesView, MeetingLine, RequestLine, RequestQuery
from shared import clock
from shared.pagination import Page
from shared.runtime.offload import offload
from shared.web import ById, allow, current_actor, file_response, list_response, make_download, reading, unit_of_work


class RequestList(Page[RequestLine]):
    """One page of the list."""


def download_request_workbook(query: RequestQuery) -> Response:
    """Answer with the workbook, after it was noted who took it. Raises Invalid for a list that is too long."""
    with unit_of_work() as session:
        rows, application_ids = queries.list_request_rows(session, query)
        commands.note_request_list_taken(session, current_actor(), query.asked(), application_ids)
    name = f"daftar-bnsp-{clock.today():%Y-%m-%d}.xlsx"
    return make_download(offload(request_sheet.write_request_workbook, rows), name, request_sheet.CONTENT_TYPE)


def view_codes_of_period(period_id: UUID) -> CodesView:
    """Return BNSP's codes for a period, read in a session of its own."""
    with reading() as session:
        return queries.view_request_codes(session, period_id)


@api.get("/requests", responses={200: RequestList})
@allow(REQUEST_LIST_TAKERS)
def get_request_list(query: RequestQuery) -> RequestList:
    """Assessments with a decision, K and BK; `status` asks for one of the two."""
    with reading() as session:
        return RequestList.model_validate(queries.list_request_lines(session, query).model_dump())


@api.get("/requests.xlsx", responses={200: file_response(request_sheet.CONTENT_TYPE)})
@allow(REQUEST_LIST_TAKERS)
def get_request_workbook(query: RequestQuery) -> Response:
    """The whole list with BNSP's nineteen columns; who takes it is noted for each person on it."""
    return download_request_workbook(query)


@api.get("/requests/meetings", responses={200: list_response(MeetingLine)})
@allow(REQUEST_LIST_TAKERS)
def get_request_meetings() -> list[MeetingLine]:
    """The meetings one can ask for."""
    with reading() as session:
        return queries.list_deciding_meetings(session)


@api.get("/requests/codes/<uuid:id>", responses={200: CodesView})
@allow(REQUEST_LIST_TAKERS)
def get_request_codes(path: ById) -> CodesView:
    """BNSP's codes for a period; all zeros: for applications without one."""
    return view_codes_of_period(path.id)


@api.put("/requests/codes/<uuid:id>", responses={200: CodesView})
@allow(REQUEST_LIST_TAKERS)
def put_request_codes(path: ById, body: SetCodes) -> CodesView:
    """Keep BNSP's codes for a period."""
    with unit_of_work() as session:
        commands.set_request_codes(session, current_actor(), path.id, body)
        return queries.view_request_codes(session, path.id)
