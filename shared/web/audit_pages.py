"""The auditor's view of a service's log (R26), the same in every service.

create_app("decision", database, api=with_audit(api), pages=[pages, audit_pages("decision")], ...)
"""

from flask import Blueprint
from werkzeug.wrappers import Response

from shared.audit_trail import AuditEntry, AuditQuery, trail
from shared.pagination import Page
from shared.security.roles import Role
from shared.web.access import allow
from shared.web.api import Api
from shared.web.pages import page
from shared.web.reading import read_query
from shared.web.work import reading


def audit_pages(service: str) -> Blueprint:
    """The page `/<service>/audit`."""
    pages = Blueprint("audit", __name__, url_prefix=f"/{service}")

    @pages.get("/audit")
    @allow(Role.AUDITOR)
    def audit() -> Response:
        query = read_query(AuditQuery)
        with reading() as session:
            found = trail(session, query)
        return page("audit.html", found=found, query=query)

    return pages


def with_audit(api: Api) -> Api:
    """Add `GET /<service>/api/audit` to a service's API."""

    @api.get("/audit", responses={200: Page[AuditEntry]})
    @allow(Role.AUDITOR)
    def list_audit_entries(query: AuditQuery) -> Page[AuditEntry]:
        """Who did what, when, to which record, and what it was before and after; latest first."""
        with reading() as session:
            return trail(session, query)

    return api
