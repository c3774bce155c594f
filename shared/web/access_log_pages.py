"""Who looked at my data, for everybody about themselves, and at anybody's, for the auditor; alike in every service."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import Blueprint
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from shared.access_log import LookLine, LookQuery, export_looks, list_all_looks, list_looks_at
from shared.clock import JAKARTA
from shared.errors import N_
from shared.pagination import Page, PageQuery
from shared.security.roles import Role
from shared.web.access import allow, signed_in
from shared.web.authentication import current_actor
from shared.web.downloads import make_csv_download, make_xlsx_download
from shared.web.formats import label_of
from shared.web.pages import render_page
from shared.web.reading import read_query
from shared.web.translation import gettext
from shared.web.work import reading, unit_of_work

STAGES = {
    "registration": N_("permohonan"),
    "assessment": N_("asesmen"),
    "decision": N_("keputusan"),
    "certificate": N_("sertifikat"),
    "surveillance": N_("surveilan"),
}
"""Who keeps a log of its own, and what its stage is called on the pages that lead from one log to the next."""


COLUMNS = (
    N_("Waktu"),
    N_("Siapa"),
    N_("Peran"),
    N_("Yang dibuka"),
    N_("Data"),
    N_("Keterangan"),
    N_("Nomor data"),
    N_("Nomor akun orangnya"),
    N_("Alasan"),
)

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
        return render_page("looks.html", found=found, details=details, query=query, own=True, asked={}, **stage)

    @pages.get("/access-log")
    @allow(Role.AUDITOR)
    def show_access_log() -> Response:
        query = read_query(LookQuery)
        with reading() as session:
            found = list_all_looks(session, query)
            details = details_of(session, found)
        return render_page(
            "looks.html", found=found, details=details, query=query, own=False, asked=_asked(query), **stage
        )

    def list_rows() -> list[tuple[Any, ...]]:
        query = read_query(LookQuery)
        with unit_of_work() as session:
            found = export_looks(session, current_actor(), query)
            details = describe(session, [line.subject for line in found])
        return [_row(line, details.get(line.subject, "")) for line in found]

    @pages.get("/access-log.csv")
    @allow(Role.AUDITOR)
    def show_access_log_csv() -> Response:
        return make_csv_download(f"catatan-akses-{service}.csv", COLUMNS, list_rows())

    @pages.get("/access-log.xlsx")
    @allow(Role.AUDITOR)
    def show_access_log_xlsx() -> Response:
        return make_xlsx_download(f"catatan-akses-{service}.xlsx", COLUMNS, list_rows())

    return pages


def _asked(query: LookQuery) -> dict[str, Any]:
    """What the log was narrowed to, for the addresses of its files and of the other stages."""
    wanted = query.model_dump(mode="json", include={"q", "since", "until"})
    return {name: value for name, value in wanted.items() if value}


def _row(line: LookLine, detail: str) -> tuple[Any, ...]:
    roles = ", ".join(label_of(role) for role in line.actor_roles)
    at = line.at.astimezone(JAKARTA).strftime("%Y-%m-%d %H:%M:%S")
    return (
        at,
        line.actor_name,
        roles,
        line.look,
        gettext(line.record),
        detail,
        line.subject,
        str(line.person_id),
        line.reason,
    )
