"""What verifiers' software asks for, at addresses that stand in every credential: for anybody, from any web page."""

import hashlib
import json
from datetime import UTC, datetime, timedelta
from uuid import UUID

from flask import Response, request
from werkzeug.wrappers import Response as BaseResponse

from services.certificate.access import HOLDERS_AND_FILE_TAKERS
from services.certificate.api import credentials as api
from services.certificate.api.register import WhichVersion
from services.certificate.blueprints import pages
from services.certificate.checking.api import CHECK_RATE, QUIET
from services.certificate.checking.queries import credentials
from shared import clock
from shared.credentials import credential_key, statuslist
from shared.credentials.statuslist import Purpose
from shared.errors import N_, NotFound
from shared.settings import settings
from shared.web import ById, allow, limit_rate, public, read_query, reading

EVERYWHERE = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
MINUTE = 60
ROUND = 300
"""Seconds: lists made within the same five minutes, with the same content, are the same to the byte."""
LASTING = timedelta(hours=1)
"""How long a list may be gone by: what is withdrawn now is seen everywhere within it."""


@pages.get("/did.json")
@public
@limit_rate(CHECK_RATE, methods=("GET",))
def show_did_document() -> BaseResponse:
    """The issuer's keys, old ones too (did:web)."""
    with reading() as session:
        content = credentials.describe_did(session, _base())
    return _cached(json.dumps(content).encode(), "application/did+json", 5 * MINUTE)


@pages.get("/status/<int:number>/<string:purpose>")
@public
@limit_rate(CHECK_RATE, methods=("GET",))
def show_status_list(number: int, purpose: str) -> BaseResponse:
    """A signed list of what is revoked or suspended now (W3C Bitstring Status List)."""
    if purpose not in set(Purpose):
        raise NotFound("status-list-unknown", N_("Tidak ada daftar status dengan nomor ini."))
    with reading() as session:
        places = credentials.list_set_places(session, number, Purpose(purpose))
    now = int(clock.real_now().timestamp())
    begin = datetime.fromtimestamp(now - now % ROUND, UTC)
    text = statuslist.issue_status_list(
        _base(), number, Purpose(purpose), places, credential_key(), begin, begin + LASTING
    )
    return _cached(text.encode(), api.VC, MINUTE)


@pages.get("/check/<string:token>/credential.json")
@public
@limit_rate(CHECK_RATE, methods=("GET",))
def show_public_credential(token: str) -> BaseResponse:
    """The credential, for whoever holds the check token: it says no more than the check page does."""
    with reading() as session:
        text = credentials.find_public_credential(session, token)
    answer = _cached(text.encode(), api.VC, MINUTE)
    answer.headers.update({**QUIET, "Content-Disposition": "attachment; filename=credential.json"})
    return answer


@pages.get("/<uuid:id>/credential")
@allow(HOLDERS_AND_FILE_TAKERS)
def show_credential(id: UUID) -> Response:
    """The credential of one's own certificate as a file; officers take anybody's."""
    return api.answer_credential(ById(id=id), read_query(WhichVersion))


def _base() -> str:
    return f"{settings().public_url.rstrip('/')}/certificate"


def _cached(content: bytes, content_type: str, seconds: int) -> BaseResponse:
    """`content` for anybody to keep for so long, and to be asked for by its ETag after that."""
    answer = Response(content, content_type=content_type, headers=EVERYWHERE)
    answer.headers["Cache-Control"] = f"public, max-age={seconds}"
    answer.set_etag(hashlib.sha256(content).hexdigest()[:32])
    return answer.make_conditional(request)
