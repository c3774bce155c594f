"""What a holder does with the report of a year: fill it in, attach evidence, hand it in (process 2.11).

Each act raises NotFound for somebody else's report and Conflict when nothing can be reported now: the window is not
open, the report was handed in already, or the certificate has ended.
"""

import hashlib
import json
from base64 import b64encode
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from services.surveillance.commands.loading import load_own_surveillance, refuse_ended_certificate
from services.surveillance.domain import workflow
from services.surveillance.domain.report import Report, list_report_gaps
from services.surveillance.models import Document, FiledReport, Surveillance
from shared.audit import record_act
from shared.clock import now, today
from shared.contracts.surveillance import SurveillanceReported
from shared.database.turns import take_turns
from shared.errors import N_, Conflict, Invalid
from shared.messaging.outbox import announce
from shared.security.actor import Actor
from shared.uploads.reading import ReadFile

DOCUMENTS = 20
"""Documents a report may have at most."""


@dataclass(frozen=True, slots=True)
class Uploaded:
    """A file that was read; what is kept of it is in the object store already, under `key`."""

    id: UUID
    file: ReadFile
    key: str


def save_report_draft(session: Session, actor: Actor, surveillance_id: UUID, report: Report) -> Surveillance:
    """Keep what has been filled in so far; a draft may be incomplete."""
    surveillance = load_own_surveillance(session, actor, surveillance_id)
    _refuse_unless_reportable(surveillance)
    surveillance.draft = report
    record_act(session, actor, "surveillance:save", surveillance.subject)
    return surveillance


def refuse_more_evidence(session: Session, actor: Actor, surveillance_id: UUID) -> Surveillance:
    """The report, if one more document may be attached; asked before the bytes are stored, so that none lie unused.

    Raises Conflict when it has `DOCUMENTS` documents already.
    """
    surveillance = load_own_surveillance(session, actor, surveillance_id)
    _refuse_unless_reportable(surveillance)
    if len(surveillance.documents) >= DOCUMENTS:
        raise Conflict("too-many-documents", N_("Paling banyak {most} dokumen per laporan."), most=DOCUMENTS)
    return surveillance


def attach_evidence(session: Session, actor: Actor, surveillance_id: UUID, uploaded: Uploaded) -> Document:
    """Add an uploaded document to the report being written, whose evidence then names it. Raises as above."""
    take_turns(session, f"evidence of {surveillance_id}")  # one at a time counts the documents
    surveillance = refuse_more_evidence(session, actor, surveillance_id)
    file = uploaded.file
    document = Document(
        id=uploaded.id,
        surveillance_id=surveillance.id,
        name=file.name,
        content_type=file.content_type,
        size=len(file.data),
        sha256=file.sha256,
        sent_sha256=file.sent_sha256,
        preview=b64encode(file.preview).decode() if file.preview else None,
        key=uploaded.key,
        active_content=file.active_content,
    )
    surveillance.documents.append(document)
    record_act(
        session,
        actor,
        "surveillance:attach",
        surveillance.subject,
        after={"name": file.name, "sha": document.sha256, "active_content": file.active_content},
    )
    return document


def file_report(session: Session, actor: Actor, surveillance_id: UUID, report: Report | None = None) -> Surveillance:
    """Hand in `report`, or without one the draft as it was saved.

    What is handed in is kept unchanged with its hash; handing in again makes a new round beside it (R12). Tells
    SurveillanceReported. Raises Invalid with what is missing, by field, for an incomplete report.
    """
    surveillance = load_own_surveillance(session, actor, surveillance_id)
    _refuse_unless_reportable(surveillance)
    before = surveillance.state
    after = workflow.apply_report(before)
    report = report or surveillance.draft or Report()
    missing = list_report_gaps(
        report,
        units=surveillance.holding.units,
        documents={document.id for document in surveillance.documents},
        holder_name=surveillance.holding.holder_name,
        today=today(),
    )
    if missing:
        raise Invalid(
            "report-incomplete", N_("Laporan belum lengkap. Lengkapi isian yang ditandai, lalu kirim."), fields=missing
        )
    digest = hash_report(report)
    surveillance.reports.append(
        FiledReport(surveillance_id=surveillance.id, round=len(surveillance.reports) + 1, content=report, sha256=digest)
    )
    surveillance.draft, surveillance.answer_by = report, None  # an answer to a clarification begins with it
    surveillance.goes_to(after)
    announce(session, surveillance, SurveillanceReported(**surveillance.as_told(), reported_at=now()))
    record_act(
        session,
        actor,
        "surveillance:report",
        surveillance.subject,
        before={"state": before},
        after={"state": after, "sha256": digest},
    )
    return surveillance


def hash_report(report: Report) -> str:
    """SHA-256 (hex) of the report as canonical JSON: keys sorted, no spaces, UTF-8 (R12)."""
    return hashlib.sha256(
        json.dumps(report.model_dump(mode="json"), sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    ).hexdigest()


def _refuse_unless_reportable(surveillance: Surveillance) -> None:
    refuse_ended_certificate(surveillance)
    workflow.apply_report(surveillance.state)
