"""The list of files that are lost and have to be asked for again, the same in every service that keeps files."""

from collections.abc import Sequence

from flask import Blueprint
from werkzeug.wrappers import Response

from shared.kept_files.lost import LostFile, list_lost_files
from shared.kept_files.register import Register
from shared.pagination import Page
from shared.security.roles import Role
from shared.web.access import allow
from shared.web.api import Api, list_response
from shared.web.pages import render_page
from shared.web.work import reading


def make_lost_file_pages(service: str, registers: Sequence[Register], readers: Sequence[Role]) -> Blueprint:
    """The blueprint with the page `/<service>/lost-files`, for `readers`."""
    pages = Blueprint("lost_files", __name__, url_prefix=f"/{service}")

    @pages.get("/lost-files")
    @allow(readers)
    def show_lost_files() -> Response:
        with reading() as session:
            found = list_lost_files(session, registers)
        whole: Page[LostFile] = Page(items=found, page=1, size=max(len(found), 1), total=len(found))
        return render_page("lost_files.html", found=whole)

    return pages


def add_lost_file_route(api: Api, registers: Sequence[Register], readers: Sequence[Role]) -> Api:
    """Add `GET /<service>/api/lost-files`, for `readers`, to a service's API, which is returned."""

    @api.get("/lost-files", responses={200: list_response(LostFile)})
    @allow(readers)
    def get_lost_files() -> list[LostFile]:
        """Files that the store has lost or that were altered there, the longest first, and what to do about each."""
        with reading() as session:
            return list_lost_files(session, registers)

    return api
