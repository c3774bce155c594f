"""Every error as problem+json (RFC 9457) for programs and as a friendly page for people; never a stack trace."""

import logging
import traceback
from http import HTTPStatus
from math import ceil
from typing import Any

from flask import Flask, Response, jsonify, redirect, render_template, request
from pydantic import BaseModel, Field, ValidationError
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from shared.database.away import DatabaseAway, Why, describe_cause, why_away
from shared.errors import N_, Conflict, Forbidden, Invalid, NotSignedIn, Refusal, Unavailable
from shared.kept_files.lost import FileLost, note_lost_file
from shared.messaging.context import correlation_id
from shared.objectstore import StoreUnavailable
from shared.security.alarm import SecurityEvent
from shared.web.authentication import current_actor_or_none, redirect_to_sign_in
from shared.web.bodies import KIB, MIB
from shared.web.form_state import find_owner
from shared.web.formats import label_of
from shared.web.kept_forms import keep_typed, list_typed
from shared.web.limits import SLOW_DOWN, current_service, note_request
from shared.web.navigation import find_landing
from shared.web.notices import keep_notice, tell_not_saved
from shared.web.translation import gettext
from shared.web.validation import refusal_of
from shared.web.work import unit_of_work

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"

MESSAGES: dict[int, str] = {
    400: N_("Permintaan tidak dapat dibaca. Periksa lalu kirim lagi."),
    401: N_("Silakan masuk terlebih dahulu."),
    403: N_("Anda tidak berwenang membuka halaman ini."),
    404: N_("Halaman atau data tidak ditemukan. Periksa alamatnya, atau mulai dari daftar kerja Anda."),
    405: N_("Cara ini tidak tersedia untuk alamat tersebut."),
    413: N_("Kiriman terlalu besar untuk alamat ini. Kirim paling banyak {most} sekaligus."),
    415: N_("Jenis isi tidak didukung. Kirim sebagai application/json."),
    429: SLOW_DOWN,
    500: N_(
        "Terjadi kesalahan pada sistem. Coba lagi; bila berulang, sampaikan nomor rujukan di bawah ini kepada LSP."
    ),
    503: N_("Sistem sedang tidak dapat menjangkau basis data. Coba lagi sebentar lagi."),
}

READY = "ready"
"""Endpoint of the readiness probe."""
BUSY = frozenset({Why.POOL, Why.LOCK, Why.SLOW})
BUSY_MESSAGE = N_("Sistem sedang sangat sibuk; data Anda belum diubah. Coba lagi sebentar lagi.")
RETRY_AFTER = {True: 2, False: 5}
"""Seconds until it is worth trying again: busy, away."""

STORE_AWAY = N_("Penyimpanan dokumen sedang tidak dapat dijangkau. Coba lagi sebentar lagi.")
STALE = N_("Data ini baru saja diubah oleh orang lain. Muat ulang, periksa, lalu ulangi perubahan Anda.")
OTHER_ACCOUNT = N_(
    "Formulir itu diisi sebagai akun lain. Isinya disimpan, dan hanya tampil bila akun itu masuk lagi di peramban ini."
)
TAKEN = N_("Data ini berbenturan dengan data yang sudah ada. Muat ulang, periksa, lalu coba lagi.")


class FieldProblem(BaseModel):
    """One field and what to do there; `field` is a path such as `work.0.since`."""

    field: str
    message: str


class Problem(BaseModel):
    """RFC 9457, with a stable `code` for programs and the fields to mend."""

    type: str = Field(description="URN of the kind of problem: urn:kompeten:problem:<code>")
    title: str
    status: int
    detail: str
    code: str
    errors: list[FieldProblem] = []
    correlation_id: str = ""
    details: dict[str, Any] = {}


def install_problems(app: Flask) -> None:
    """Let `app` answer every refusal and every error as a problem: nobody sees a stack trace."""
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(FileLost, _file_lost)
    app.register_error_handler(ValidationError, lambda error: _refused(refusal_of(error)))
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(StaleDataError, lambda _: _refused(Conflict("changed-meanwhile", STALE)))
    app.register_error_handler(IntegrityError, _collided)
    app.register_error_handler(DataError, _unstorable)
    app.register_error_handler(DBAPIError, _database)
    app.register_error_handler(PoolTimeout, _database)
    app.register_error_handler(DatabaseAway, _database)
    app.register_error_handler(StoreUnavailable, _store_away)
    app.register_error_handler(Unavailable, _unavailable)
    app.register_error_handler(Exception, _unexpected)


def wants_json() -> bool:
    """Whether the asker gets JSON: below `/api/`, and anywhere when nothing but JSON is accepted."""
    if request.path.startswith(f"/{current_service()}/api/"):
        return True
    accepts = request.accept_mimetypes
    return accepts.provided and not accepts.accept_html and accepts.accept_json


def message_of_refusal(refusal: Refusal) -> str:
    """The sentence of a refusal in the language of the request."""
    return gettext(refusal.message, **_params(refusal))


def fields_of_refusal(refusal: Refusal) -> dict[str, str]:
    """The fields of a refusal by path, each with its sentence in the language of the request."""
    params = _params(refusal)
    return {field: gettext(message, **params) for field, message in refusal.fields.items()}


def answer_problem(status: int, code: str, detail: str, **more: Any) -> Response:
    """The answer that tells a problem: JSON (RFC 9457) to programs, a page to browsers."""
    problem = Problem(
        type=f"urn:kompeten:problem:{code}",
        title=gettext(_title(status)),
        status=status,
        detail=detail,
        code=code,
        correlation_id=correlation_id(),
        **more,
    )
    if wants_json():
        response = jsonify(problem.model_dump(mode="json"))
        response.content_type = MEDIA_TYPE
    else:
        kept = keep_typed() if find_owner() else None
        body = render_template("problem.html", problem=problem, kept=kept, sent=[] if kept else list_typed())
        response = Response(body, content_type="text/html; charset=utf-8")
    response.status_code = status
    retry = problem.details.get("retry_after")
    if retry is not None:
        response.headers["Retry-After"] = str(int(retry) or 1)
    if status == HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = 'Bearer realm="kompeten"'
    return response


def _params(refusal: Refusal) -> dict[str, Any]:
    return {name: label_of(value) for name, value in refusal.params.items()}


def _refused(refusal: Refusal) -> BaseResponse:
    if isinstance(refusal, NotSignedIn) and not wants_json():
        return _sign_in_again()
    if isinstance(refusal, Forbidden):
        if refusal.code == "csrf" and (answer := _leave_to_its_owner()):
            return answer
        note_request(SecurityEvent.REFUSED)
    errors = [FieldProblem(field=field, message=message) for field, message in fields_of_refusal(refusal).items()]
    return answer_problem(
        refusal.status, refusal.code, message_of_refusal(refusal), errors=errors, details=refusal.details
    )


def _sign_in_again() -> BaseResponse:
    """To the form that signs in, or through the renewal of the token; what was typed is kept for afterwards."""
    kept = keep_typed()
    answer = redirect_to_sign_in(kept.page if kept else "")
    if answer.status_code == HTTPStatus.SEE_OTHER:
        tell_not_saved(request.path, kept=kept is not None)
    return answer


def _leave_to_its_owner() -> BaseResponse | None:
    """Keep a form that another account was shown in this browser for that account; None where it is none."""
    if wants_json() or (kept := keep_typed()) is None:
        return None
    keep_notice("warning", gettext(OTHER_ACCOUNT))
    actor = current_actor_or_none()
    return redirect(find_landing(actor.roles) if actor else kept.page, code=HTTPStatus.SEE_OTHER)


def _http(error: HTTPException) -> BaseResponse:
    if error.response is not None:
        return error.response  # type: ignore[return-value]
    status = error.code or 500
    if status < 400:
        return error.get_response()
    own = error.description if status == 400 and error.description != type(error).description else None
    detail = gettext(own or MESSAGES.get(status, MESSAGES[400]), **_params_of_status(status))
    response = answer_problem(status, _code(status), detail)
    allowed = getattr(error, "valid_methods", None)
    if allowed:
        response.headers["Allow"] = ", ".join(sorted(allowed))
    return response


def _params_of_status(status: int) -> dict[str, Any]:
    if status != 413:
        return {}
    most = request.max_content_length or 0
    return {"most": f"{most // MIB} MB" if most >= MIB else f"{most // KIB} kB"}


def _collided(error: IntegrityError) -> BaseResponse:
    _log_error("integrity", error)
    return _refused(Conflict("collision", TAKEN))


def _unstorable(error: DataError) -> BaseResponse:
    _log_error("unstorable", error)
    return _refused(Invalid("unstorable-value", MESSAGES[400]))


def _database(error: Exception) -> BaseResponse:
    """503 when the database is away or too busy, which a statement cut off by its time-out means too; else 500."""
    why = why_away(error)
    if why is None:
        return _unexpected(error)
    if request.endpoint == f"plumbing.{READY}":
        # one line: probes come every few seconds
        log.warning("not ready: the database is away: %s", describe_cause(error))
    else:
        _log_error(f"database {why} ({describe_cause(error)})", error)
    busy = why in BUSY
    code, message = ("database-busy", BUSY_MESSAGE) if busy else ("database-away", MESSAGES[503])
    return answer_problem(503, code, gettext(message), details={"retry_after": RETRY_AFTER[busy]})


def _store_away(error: StoreUnavailable) -> BaseResponse:
    _log_error("store away", error)
    return answer_problem(503, "store-away", gettext(STORE_AWAY), details={"retry_after": ceil(error.retry_after)})


def _file_lost(error: FileLost) -> BaseResponse:
    """410, once it stands on the list of lost files: who is told that the loss is known is told the truth."""
    log.error("the file %s is %s, correlation %s", error.key, error.state.value, correlation_id())
    with unit_of_work() as session:
        note_lost_file(session, error)
    return _refused(error)


def _unavailable(error: Unavailable) -> BaseResponse:
    """503 when something else that the work needs cannot be had for now: a processor's turn, a key, a clock."""
    _log_error("unavailable", error)
    return answer_problem(503, "unavailable", gettext(BUSY_MESSAGE), details={"retry_after": RETRY_AFTER[False]})


def _unexpected(error: Exception) -> BaseResponse:
    _log_error("unexpected", error)
    return answer_problem(500, "unexpected", gettext(MESSAGES[500]))


def _log_error(what: str, error: Exception) -> None:
    """Log the kind of error and where it happened, never its own words: they may quote what a person typed."""
    frames = traceback.extract_tb(error.__traceback__)
    log.error(
        "%s: %s at %s %s, correlation %s\n%s",
        what,
        type(error).__name__,
        request.method,
        request.url_rule or "(no route)",
        correlation_id(),
        "\n".join(f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in frames),
    )


def _code(status: int) -> str:
    return HTTPStatus(status).phrase.lower().replace(" ", "-")


def _title(status: int) -> str:
    return TITLES.get(status, N_("Permintaan ditolak"))


TITLES: dict[int, str] = {
    401: N_("Belum masuk"),
    403: N_("Tidak berwenang"),
    404: N_("Tidak ditemukan"),
    409: N_("Tidak dapat dilakukan sekarang"),
    410: N_("Berkas hilang"),
    413: N_("Terlalu besar"),
    422: N_("Isian belum sesuai"),
    429: N_("Terlalu sering"),
    500: N_("Kesalahan sistem"),
    503: N_("Sementara tidak tersedia"),
}
