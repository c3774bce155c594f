"""Making the file: after the transaction that numbered it, and safe to do twice (process 2.9)."""

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.certificate import commands
from services.certificate.commands.numbering import ISSUE
from services.certificate.domain.states import State
from services.certificate.models import Certificate
from services.certificate.practice import template
from shared.database.unit import Database
from shared.documents import qr, render
from shared.documents.signing import signer
from shared.errors import Conflict
from shared.messaging.jobs import Jobs
from shared.objectstore import object_store
from shared.runtime.offload import side_by_side

log = logging.getLogger(__name__)

jobs = Jobs("certificate")

BATCH = 24
AT_ONCE = 4
"""Certificates in the making at a time: two are set while others wait for the store."""
REASON = "Penerbitan sertifikat kompetensi"
PDF = "application/pdf"


@dataclass(frozen=True, slots=True)
class Sheet:
    """What it takes to make one file. Everything comes from the row, so twice gives the same bytes."""

    certificate_id: UUID
    key: str
    template: str
    printed: dict[str, Any]
    at: datetime


@jobs.does_many(ISSUE, batch=BATCH)
def issue(database: Database, payloads: Sequence[dict[str, Any]]) -> None:
    """Render, sign, store; then issue and announce in one transaction: nothing is told that is not stored."""
    ids = [UUID(payload["certificate_id"]) for payload in payloads]
    with database.reading() as session:
        waiting = select(Certificate).where(Certificate.id.in_(ids), Certificate.state == State.NUMBERED)
        sheets = [sheet_of(certificate) for certificate in session.scalars(waiting)]
    stored = dict(side_by_side(_make, sheets, AT_ONCE))
    with database.unit_of_work() as session:
        ready = select(Certificate).where(Certificate.id.in_(list(stored))).order_by(Certificate.serial)
        for certificate in session.scalars(ready.with_for_update()):
            commands.confirm_issued(session, certificate, stored[certificate.id])


def sheet_of(certificate: Certificate) -> Sheet:
    return Sheet(
        certificate_id=certificate.id,
        key=f"certificates/{certificate.issued_on.year}/{certificate.id}.pdf",
        template=certificate.template,
        printed=certificate.printed,
        at=certificate.numbered_at,
    )


def made(sheet: Sheet) -> bytes:
    """The signed file."""
    unsigned = render(
        template(sheet.template), {**sheet.printed, "qr": qr.svg(sheet.printed["check_url"])}, at=sheet.at
    )
    return signer().sign(unsigned, at=sheet.at, reason=REASON)


def _make(sheet: Sheet) -> tuple[UUID, commands.Stored]:
    pdf = made(sheet)
    store = object_store()
    try:
        store.put(sheet.key, pdf, PDF)
    except Conflict:
        # stored by an earlier try under another key or font version: that file is the certificate
        log.warning("certificate %s is stored already, made differently; the stored file stays", sheet.certificate_id)
        pdf = store.get(sheet.key)
    return sheet.certificate_id, commands.Stored(sheet.key, hashlib.sha256(pdf).hexdigest(), len(pdf))
