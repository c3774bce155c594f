"""Who looked at my data, for everybody about themselves, and at anybody's, for the auditor; alike in every service."""

from flask import Blueprint
from werkzeug.wrappers import Response

from shared.access_log import list_all_looks, list_looks_at
from shared.pagination import PageQuery
from shared.security.roles import Role
from shared.web.access import allow, signed_in
from shared.web.authentication import current_actor
from shared.web.pages import render_page
from shared.web.reading import read_query
from shared.web.work import reading


def make_access_log_pages(service: str) -> Blueprint:
    """The blueprint with `/<service>/looks`, for everybody signed in, and `/<service>/access-log`, for auditors."""
    pages = Blueprint("access_log", __name__, url_prefix=f"/{service}")

    @pages.get("/looks")
    @signed_in
    def show_own_looks() -> Response:
        query = read_query(PageQuery)
        with reading() as session:
            found = list_looks_at(session, current_actor().id, query)
        return render_page("looks.html", found=found, query=query, own=True)

    @pages.get("/access-log")
    @allow(Role.AUDITOR)
    def show_access_log() -> Response:
        query = read_query(PageQuery)
        with reading() as session:
            found = list_all_looks(session, query)
        return render_page("looks.html", found=found, query=query, own=False)

    return pages
