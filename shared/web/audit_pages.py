"""The auditor's view of a service's log (R26), the same in every service.

create_app("decision", database, api=add_audit_route(api), pages=[pages, make_audit_pages("decision")], ...)
"""

from flask import Blueprint
from werkzeug.wrappers import Response

from shared.audit_trail import AuditEntry, AuditQuery, list_acts
from shared.pagination import Page
from shared.security.roles import Role
from shared.web.access import allow
from shared.web.api import Api
from shared.web.pages import render_page
from shared.web.reading import read_query
from shared.web.work import reading


def make_audit_pages(service: str) -> Blueprint:
    """The blueprint with the page `/<service>/audit`, for auditors."""
    pages = Blueprint("audit", __name__, url_prefix=f"/{service}")

    @pages.get("/audit")
    @allow(Role.AUDITOR)
    def audit() -> Response:
        query = read_query(AuditQuery)
        with reading() as session:
            found = list_acts(session, query)
        return render_page("audit.html", found=found, query=query)

    return pages


def add_audit_route(api: Api) -> Api:
    """Add `GET /<service>/api/audit`, for auditors, to a service's API, which is returned."""

    @api.get("/audit", responses={200: Page[AuditEntry]})
    @allow(Role.AUDITOR)
    def list_audit_entries(query: AuditQuery) -> Page[AuditEntry]:
        """Who did what, when, to which record, and what it was before and after; latest first."""
        with reading() as session:
            return list_acts(session, query)

    return api
