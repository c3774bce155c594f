"""A request that comes again is done once and answered the same, whichever replica it comes to.

Programs send `Idempotency-Key` (16 to 200 printable ASCII characters, random) with a POST, forms a hidden field. Of one
account's requests with one key the first is done; while it is at work the others get 409, afterwards its answer, for 48
hours; one with another body gets 422. A form that was changed and sent again is another request, since people go back
and mend what they wrote. What was refused changed nothing and is not kept: trying again is a first try.

A claim whose process died is taken over after LEASE_SECONDS (`shared/database/claims.py`), unless its act was committed
by then (`acted_at`).
"""

import hashlib
import hmac
import json
import logging
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import Response, g, request
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from shared.clock import real_now
from shared.database.answers import KeptAnswer
from shared.database.changes import change_rows
from shared.database.claims import LEASE_SECONDS, hold_claim, let_claim_go
from shared.database.unit import Database, DatabaseAway
from shared.database.upsert import insert_into
from shared.errors import N_, Conflict, Invalid
from shared.web.authentication import FIELD as CSRF_FIELD
from shared.web.authentication import TOKEN_COOKIE, current_actor_or_none

log = logging.getLogger(__name__)

HEADER = "Idempotency-Key"
FIELD = "idempotency_key"
REPLAYED = "Idempotency-Replayed"
FORM_WAIT_SECONDS = 10.0
"""Longer than the claim of a killed process lasts: whose request it was waits, and need not send it again."""
LOOK_SECONDS = 0.1
LARGEST_ANSWER = 1024 * 1024
SHORTEST, LONGEST = 16, 200
KEPT_HEADERS = ("Content-Type", "Content-Disposition", "Location", "Retry-After", "Set-Cookie")
NONCE = 12

INVALID_KEY = N_("Idempotency-Key harus terdiri atas 16 sampai 200 karakter ASCII yang acak.")
OTHER_BODY = N_("Idempotency-Key ini sudah dipakai untuk permintaan lain. Pakai kunci baru untuk permintaan baru.")
AT_WORK = N_("Permintaan yang sama sedang dikerjakan. Tunggu sebentar lalu kirim lagi dengan kunci yang sama.")
DONE = N_("Permintaan ini sudah dikerjakan, tetapi jawabannya tidak tersimpan. Periksa hasilnya; jangan kirim ulang.")


@dataclass(frozen=True, slots=True)
class Claim:
    """A request that this process has to do: `id` of the row, `claim_id` it holds it with, and the client's key."""

    id: str
    claim_id: UUID
    key: str


class AtWork(Conflict):
    """Another process is at work on the same request."""

    def __init__(self) -> None:
        super().__init__("idempotency-at-work", AT_WORK, details={"retry_after": 1})


def begin_once(database: Database, *, is_api: bool) -> Response | None:
    """Claim the request if it came with a key; the answer given before, if it was done already.

    Raises Invalid for a key that is none or that came with another body, AtWork while somebody else does the same (a
    form waits FORM_WAIT_SECONDS for that one's answer first), Conflict when it was done and its answer is lost.
    """
    key = request.headers.get(HEADER) or ("" if is_api else request.form.get(FIELD, ""))
    if request.method != "POST" or not key:
        return None
    if not (SHORTEST <= len(key) <= LONGEST and key.isascii() and key.isprintable()):
        raise Invalid("idempotency-key-invalid", INVALID_KEY)
    fingerprint = _digest(key, request.method, request.full_path, _read_body())
    # a form that was mended and sent again is another request; a program says with its key that it is the same
    row_id = _digest("id", _account(), key, "" if is_api else fingerprint)
    claim = Claim(row_id, uuid4(), key)
    end = time.monotonic() + (0 if is_api else FORM_WAIT_SECONDS)
    while True:
        try:
            replayed = _claim_or_replay(database, claim, fingerprint)
        except AtWork:
            if time.monotonic() >= end:
                raise
            time.sleep(LOOK_SECONDS)
        else:
            break
    if replayed is None:
        g.claim = claim
        hold_claim(database.service, claim.claim_id)
    return replayed


def mark_acted(session: Session) -> None:
    """Note in the transaction of the act itself that the request was done. Raises AtWork, which rolls it back, when
    the claim was taken over meanwhile. Without a key it does nothing.
    """
    claim: Claim | None = g.get("claim")
    if claim is None:
        return
    ours = update(KeptAnswer).where(KeptAnswer.id == claim.id, KeptAnswer.claim_id == claim.claim_id)
    if not change_rows(session, ours.values(acted_at=real_now())):
        raise AtWork


def note_acted() -> None:
    """The transaction of the act is committed: from now on the request counts as done."""
    g.claim_acted = "claim" in g


def keep_answer(database: Database, response: Response) -> Response:
    """Keep what the claimed request was answered with, or forget it where nothing was done. Returns `response`."""
    claim: Claim | None = g.pop("claim", None)
    if claim is None:
        return response
    acted = g.pop("claim_acted", False)
    let_claim_go(database.service, claim.claim_id)
    ours = (KeptAnswer.id == claim.id) & (KeptAnswer.claim_id == claim.claim_id)
    kept = _seal(claim, response) if acted and response.status_code < 500 else None
    # done, and the answer lost: who asks again is told so at once, as nobody is at work on it any more
    over = {"answer": kept} if kept else {"begun_at": real_now() - timedelta(seconds=LEASE_SECONDS)}
    try:
        with database.unit_of_work() as session:
            session.execute(update(KeptAnswer).where(ours).values(**over) if acted else delete(KeptAnswer).where(ours))
    except DatabaseAway as away:
        log.warning("an answer could not be kept: %s", away)
    return response


def make_form_key() -> str:
    """A new key for the hidden field of a form."""
    return secrets.token_urlsafe(24)


def _claim_or_replay(database: Database, claim: Claim, fingerprint: str) -> Response | None:
    """None when the request is claimed now; else as `begin_once`."""
    values = {"id": claim.id, "fingerprint": fingerprint, "claim_id": claim.claim_id, "begun_at": real_now()}
    with database.unit_of_work() as session:
        new = insert_into(session, KeptAnswer.__table__).values(**values).on_conflict_do_nothing()
        if change_rows(session, new):
            return None
        row = session.get(KeptAnswer, claim.id)
        if row is None:
            raise AtWork  # forgotten just now: the next try is the first
        if row.fingerprint != fingerprint:
            raise Invalid("idempotency-key-reused", OTHER_BODY)
        if row.answer is not None:
            return _open(claim, row.answer)
        if row.begun_at > real_now() - timedelta(seconds=LEASE_SECONDS):
            raise AtWork
        if row.acted_at is not None:
            raise Conflict("idempotency-done", DONE)
        free = (KeptAnswer.id == claim.id) & (KeptAnswer.claim_id == row.claim_id) & KeptAnswer.acted_at.is_(None)
        taken = update(KeptAnswer).where(free).values(claim_id=claim.claim_id, begun_at=real_now())
        if not change_rows(session, taken):
            raise AtWork
    return None


def _account() -> str:
    """Who asks: the account, or whoever holds this other key, or anybody (whose keys are random)."""
    actor = current_actor_or_none()
    return str(actor.id) if actor else request.headers.get("Authorization", "")


def _read_body() -> str:
    """A digest of the body: of a form the fields and files, for each sending draws other boundaries between them."""
    if request.mimetype not in ("multipart/form-data", "application/x-www-form-urlencoded"):
        return hashlib.sha256(request.get_data(cache=True)).hexdigest()
    fields = sorted((name, value) for name, value in request.form.items(multi=True) if name not in (FIELD, CSRF_FIELD))
    return hashlib.sha256(json.dumps([fields, sorted(_digest_files())]).encode()).hexdigest()


def _digest_files() -> Iterator[tuple[str, str, str]]:
    for name, file in request.files.items(multi=True):
        yield name, file.filename or "", hashlib.sha256(file.stream.read()).hexdigest()
        file.stream.seek(0)


def _digest(key: str, *parts: str) -> str:
    return hmac.new(key.encode(), "\0".join(parts).encode("utf-8", "surrogatepass"), "sha256").hexdigest()


def _cipher(claim: Claim) -> AESGCM:
    return AESGCM(hashlib.sha256(f"kompeten answer\0{claim.key}".encode()).digest())


def _seal(claim: Claim, response: Response) -> bytes | None:
    """The answer as it is kept; None for one that is too large, comes in pieces or signs somebody in."""
    if any(f"{TOKEN_COOKIE}=" in cookie for cookie in response.headers.getlist("Set-Cookie")):
        return None
    if response.is_streamed or response.direct_passthrough or len(response.get_data()) > LARGEST_ANSWER:
        return None
    headers = [(name, value) for name, value in response.headers.items() if name in KEPT_HEADERS]
    head = json.dumps({"status": response.status_code, "headers": headers}).encode()
    nonce = secrets.token_bytes(NONCE)
    return nonce + _cipher(claim).encrypt(nonce, head + b"\n" + response.get_data(), claim.id.encode())


def _open(claim: Claim, kept: bytes) -> Response:
    text = _cipher(claim).decrypt(kept[:NONCE], kept[NONCE:], claim.id.encode())
    head, _, body = text.partition(b"\n")
    found = json.loads(head)
    response = Response(body, found["status"], headers=[tuple(pair) for pair in found["headers"]])
    response.headers[REPLAYED] = "true"
    return response
