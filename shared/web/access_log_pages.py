"""Who looked at my data, for everybody about themselves, and at anybody's, for the auditor; alike in every service."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import Blueprint
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from shared.access_log import LookLine, list_all_looks, list_looks_at
from shared.errors import N_
from shared.pagination import Page, PageQuery
from shared.security.roles import Role
from shared.web.access import allow, signed_in
from shared.web.authentication import current_actor
from shared.web.pages import render_page
from shared.web.reading import read_query
from shared.web.work import reading

STAGES = {
    "registration": N_("permohonan"),
    "assessment": N_("asesmen"),
    "decision": N_("keputusan"),
    "certificate": N_("sertifikat"),
    "surveillance": N_("surveilan"),
}
"""Who keeps a log of its own, and what its stage is called on the pages that lead from one log to the next."""


Describe = Callable[[Session, Sequence[str]], Mapping[str, str]]
"""What tells people which record a subject is, such as its scheme or number; subjects it does not know are left out."""


def make_access_log_pages(service: str, describe: Describe) -> Blueprint:
    """The blueprint with `/<service>/looks`, for everybody signed in, and `/<service>/access-log`, for auditors."""

    def details_of(session: Session, found: Page[LookLine]) -> Mapping[str, str]:
        return describe(session, [line.subject for line in found.items])

    stage: dict[str, Any] = {"stages": STAGES, "shown": service, "stage": STAGES[service]}
    pages = Blueprint("access_log", __name__, url_prefix=f"/{service}")

    @pages.get("/looks")
    @signed_in
    def show_own_looks() -> Response:
        query = read_query(PageQuery)
        with reading() as session:
            found = list_looks_at(session, current_actor().id, query)
            details = details_of(session, found)
        return render_page("looks.html", found=found, details=details, query=query, own=True, **stage)

    @pages.get("/access-log")
    @allow(Role.AUDITOR)
    def show_access_log() -> Response:
        query = read_query(PageQuery)
        with reading() as session:
            found = list_all_looks(session, query)
            details = details_of(session, found)
        return render_page("looks.html", found=found, details=details, query=query, own=False, **stage)

    return pages
