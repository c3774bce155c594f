"""What shows that the register can be believed: readiness, keys, time stamps and their proofs, checks of the store."""

from datetime import datetime, timedelta
from uuid import UUID

from flask import Response
from pydantic import BaseModel, Field

from services.certificate.access import HOLDERS_AND_FILE_TAKERS, STORE_CHECKERS, TRUST_READERS
from services.certificate.api.register import WhichVersion
from services.certificate.blueprints import api
from services.certificate.checking.api import CHECK_RATE, ByToken
from services.certificate.commands.taking import take_version
from services.certificate.making import readiness
from services.certificate.making import stored_files as files
from services.certificate.trust import queries as trust
from services.certificate.trust.commands import store_check
from shared import clock
from shared.database.unit import Database
from shared.documents.timestamps import Proof
from shared.objectstore import object_store
from shared.pagination import Page, PageQuery
from shared.settings import settings
from shared.web import (
    ById,
    allow,
    current_actor,
    file_response,
    gettext,
    limit_rate,
    make_csv_download,
    public,
    reading,
    unit_of_work,
)
from shared.web.work import current_database

LINK_SECONDS = 300


class ProblemView(BaseModel):
    """What stands in the way of issuing: what to do about it, and what the operator needs to know."""

    code: str
    advice: str
    log: str


class TrustView(BaseModel):
    """Ready when there are no problems. `key_ends` is set when the signing key's end is near."""

    problems: list[ProblemView]
    key_ends: datetime | None
    keys: list[trust.KeyView]
    timestamps: list[trust.TimestampView]
    checks: list[trust.StoreCheckView]


class StartStoreCheck(BaseModel):
    """A check of the store that somebody asks for."""

    full: bool = Field(False, description="Read every file, instead of comparing lists.")


class StoreFindings(Page[trust.StoreFindingView]):
    """One page of what a check found."""


class FileLink(BaseModel):
    """An address that gives the file to whoever holds it, until then."""

    address: str
    expires_at: datetime


@api.get("/check/<string:token>/proof", responses={200: Proof})
@public
@limit_rate(CHECK_RATE, methods=("GET",))
def get_register_proof(path: ByToken) -> Proof:
    """That this version stood in the register at a time: its way up to a root that an authority has stamped."""
    with reading() as session:
        return trust.view_proof(session, path.token)


@api.get("/trust", responses={200: TrustView})
@allow(TRUST_READERS)
def get_trust() -> TrustView:
    """Whether certificates can be issued now, and what is known of keys, time stamps and the store."""
    return view_trust(current_database())


def view_trust(of: Database) -> TrustView:
    """Return whether certificates can be issued now, with keys, time stamps and checks of the store."""
    problems = [
        ProblemView(code=one.code, advice=gettext(one.advice, **one.params), log=one.log)
        for one in readiness.find_problems(of)
    ]
    with of.reading() as session:
        return TrustView(
            problems=problems,
            key_ends=readiness.find_key_end(clock.now()),
            keys=trust.list_signing_keys(session),
            timestamps=trust.list_timestamps(session),
            checks=trust.list_store_checks(session),
        )


@api.post("/trust/checks", responses={202: trust.StoreCheckView})
@allow(STORE_CHECKERS)
def post_store_check(body: StartStoreCheck) -> tuple[trust.StoreCheckView, int]:
    """Have register and store compared; one that is still going on is taken for it."""
    with unit_of_work() as session:
        return trust.view_store_check(
            session, store_check.begin_store_check(session, current_actor(), full=body.full).id
        ), 202


@api.get("/trust/checks/<uuid:id>", responses={200: trust.StoreCheckView})
@allow(TRUST_READERS)
def get_store_check(path: ById) -> trust.StoreCheckView:
    """One check, as far as it has come."""
    with reading() as session:
        return trust.view_store_check(session, path.id)


@api.get("/trust/checks/<uuid:id>/findings", responses={200: StoreFindings})
@allow(TRUST_READERS)
def get_store_findings(path: ById, query: PageQuery) -> StoreFindings:
    """What it found, a page at a time."""
    with reading() as session:
        return StoreFindings.model_validate(trust.list_store_findings(session, path.id, query).model_dump())


@api.get("/trust/checks/<uuid:id>/findings.csv", responses={200: file_response("text/csv")})
@allow(TRUST_READERS)
def get_store_findings_csv(path: ById) -> Response:
    """All that it found, as a table."""
    return answer_findings_csv(path.id)


def answer_findings_csv(check_id: UUID) -> Response:
    """Answer with all that a check of the store found, as CSV. Raises NotFound."""
    with reading() as session:
        trust.view_store_check(session, check_id)
        return make_csv_download("pemeriksaan.csv", trust.CSV_COLUMNS, trust.list_finding_rows(session, check_id))


@api.get("/certificates/<uuid:id>/link", responses={200: FileLink})
@allow(HOLDERS_AND_FILE_TAKERS)
def get_certificate_link(path: ById, query: WhichVersion) -> FileLink:
    """A short-lived address of the signed file, for its holder and the officers; who asked is noted.

    It leads to the store itself where readers can reach that, and to this service otherwise.
    """
    with unit_of_work() as session:
        found = take_version(session, current_actor(), path.id, query.version)
        name = files.name_certificate_file(found)
    address = object_store().link(found.object_key, LINK_SECONDS, name)  # the store is asked whether it has the file
    own = f"{settings().public_url.rstrip('/')}/certificate/{path.id}/pdf?version={found.version}"
    return FileLink(address=address or own, expires_at=clock.real_now() + timedelta(seconds=LINK_SECONDS))
