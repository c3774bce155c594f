"""Whether the register is in order, for the officers; proofs and short-lived files, for whoever holds the address."""

import re
from collections.abc import Sequence
from typing import TypeVar
from uuid import UUID

from flask import Response, abort, request
from werkzeug.wrappers import Response as BaseResponse

from services.certificate.access import STORE_CHECKERS, TRUST_READERS
from services.certificate.blueprints import pages
from services.certificate.checking.api import CHECK_RATE
from services.certificate.trust import api
from services.certificate.trust import queries as trust
from services.certificate.trust.commands import comparing, store_check
from shared.errors import N_
from shared.objectstore import object_store
from shared.objectstore.folder import FolderStore
from shared.pagination import Page
from shared.settings import settings
from shared.web import (
    PageQuery,
    allow,
    current_actor,
    leave_notice,
    limit_rate,
    make_download,
    public,
    read_query,
    reading,
    redirect_to,
    render_page,
    unit_of_work,
)
from shared.web.work import current_database

T = TypeVar("T")

NAME = re.compile(r"[A-Za-z0-9._-]{1,120}")


def _whole(rows: Sequence[T]) -> Page[T]:
    return Page(items=rows, page=1, size=max(len(rows), 1), total=len(rows))


@pages.get("/trust")
@allow(TRUST_READERS)
def show_trust() -> Response:
    """Can certificates be issued now, and is what was issued still as it was?"""
    found = api.view_trust(current_database())
    return render_page(
        "certificate/trust.html",
        found=found,
        checks=_whole(found.checks),
        timestamps=_whole(found.timestamps),
        keys=_whole(found.keys),
        starts=current_actor().has(*STORE_CHECKERS),
        stamped=bool(settings().timestamp_url),
    )


@pages.post("/trust/checks")
@allow(STORE_CHECKERS)
def submit_store_check() -> BaseResponse:
    """Have register and store compared, soon; `full` reads every file."""
    with unit_of_work() as session:
        check = store_check.begin_store_check(session, current_actor(), full=request.form.get("full") == "true").id
    leave_notice(N_("Pemeriksaan dimulai sebentar lagi dan berjalan di latar belakang."))
    return redirect_to("pages.show_store_check", id=check)


@pages.get("/trust/checks/<uuid:id>")
@allow(TRUST_READERS)
def show_store_check(id: UUID) -> Response:
    """One check: how far it is, what it found."""
    with reading() as session:
        found = trust.view_store_check(session, id)
        findings = trust.list_store_findings(session, id, read_query(PageQuery))
    return render_page("certificate/store_check.html", found=found, findings=findings)


@pages.get("/trust/checks/<uuid:id>.csv")
@allow(TRUST_READERS)
def show_store_check_csv(id: UUID) -> Response:
    """All that one check found, as CSV."""
    return api.answer_findings_csv(id)


@pages.get("/check/<string:token>/proof.json")
@public
@limit_rate(CHECK_RATE, methods=("GET",))
def show_proof(token: str) -> Response:
    """The proof as a file; `kompeten signing proof` and anybody's own program can check it."""
    with reading() as session:
        proof = trust.view_proof(session, token)
    name = f"bukti-{proof.number.replace(' ', '-')}-{proof.version}.json"
    return make_download(proof.model_dump_json(indent=2).encode(), name, "application/json")


@pages.get("/files/<path:key>")
@public
@limit_rate(CHECK_RATE, methods=("GET",))
def show_linked_file(key: str) -> Response:
    """What a signed, short-lived link of the folder store leads to; a store of its own hands out its own."""
    store = object_store()
    if not isinstance(store, FolderStore) or not key.startswith(comparing.PREFIX):
        abort(404)
    name = request.args.get("name", "")
    return make_download(
        store.opened(request.url), name if NAME.fullmatch(name) else "sertifikat.pdf", "application/pdf"
    )
