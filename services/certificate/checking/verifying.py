"""Files and texts that strangers bring to be checked: looked at off the event loop, never stored, never logged."""

import hashlib
import json
from datetime import datetime
from typing import Any

from services.certificate.checking.queries.checks import Copy
from shared.credentials.did import Issuer
from shared.credentials.verdicts import Kind, Trust, Verdict
from shared.credentials.verification import verify_credential
from shared.errors import N_, Invalid, TooMany
from shared.runtime.offload import offload_within

MOST_BYTES = 5 * 1024 * 1024
"""A certificate with a photo takes a tenth of it."""
SECONDS = 5.0
"""A check takes a few hundredths."""
AT_ONCE = 4
_looking: set[object] = set()
"""One ticket for each that is being looked at, also for one nobody waits for any more."""

BUSY = N_("Sedang banyak pemeriksaan berkas. Coba lagi sebentar lagi.")
TOO_LONG = N_("Pemeriksaan berkas ini memakan waktu terlalu lama. Unggah berkas asli yang diterima dari pemegangnya.")


class TookLong(Invalid):
    """The check of this file took longer than SECONDS."""


def verify_copy(data: bytes, issuer: Issuer, at: datetime) -> Copy:
    """What `data` is, as far as its signature and `issuer`'s keys tell.

    Raises TooMany while as many others are being looked at as may be, and TookLong.
    """
    if len(_looking) >= AT_ONCE:
        raise TooMany("check-busy", BUSY, details={"retry_after": 2})
    ticket = object()
    _looking.add(ticket)
    try:
        return offload_within(SECONDS, _copy, data, Trust(issuer, at), ticket)
    except TimeoutError as error:
        raise TookLong("check-takes-long", TOO_LONG, fields={"file": TOO_LONG}) from error


def _copy(data: bytes, trust: Trust, ticket: object) -> Copy:
    try:
        verdict: Verdict = verify_credential(data, trust)
        known = verdict.findings[0].passed
        credential = json.loads(data) if known and verdict.kind is Kind.CREDENTIAL else None
        return Copy(
            kind=verdict.kind,
            findings=verdict.findings,
            facts=verdict.facts,
            sha256=hashlib.sha256(data).hexdigest() if known and verdict.kind is Kind.PDF else "",
            address=_address(data, verdict.kind, credential) if known else "",
            credential=credential,
        )
    finally:
        _looking.discard(ticket)


def _address(data: bytes, kind: Kind, credential: dict[str, Any] | None) -> str:
    """The check address that a credential or a QR text bears."""
    if credential:
        return str(credential["id"])
    return data.partition(b"#")[0].decode().strip() if kind is Kind.QR else ""
