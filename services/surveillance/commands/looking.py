"""Opening the reports of a holder: whoever else looks is noted (UU 27/2022)."""

from uuid import UUID

from sqlalchemy.orm import Session

from services.surveillance.access import UNKNOWN, require_readable_holding
from services.surveillance.models import Document, Surveillance
from services.surveillance.queries.holdings import HoldingView, list_certificate_chains, view_holding
from services.surveillance.queries.reports import DocumentView, SurveillanceView, describe_evidence, view_surveillance
from shared.access_log import Look, note_looks
from shared.errors import NotFound
from shared.security.actor import Actor


def open_holding(session: Session, actor: Actor, certificate_id: UUID) -> HoldingView:
    """A certificate with the reports due for it; who looked is noted. Raises NotFound."""
    found = view_holding(session, actor, certificate_id)
    note_looks(session, actor, [found.holder_id], Look.REPORT, f"certificate/{certificate_id}")
    return found


def open_report(session: Session, actor: Actor, report_id: UUID) -> tuple[SurveillanceView, HoldingView]:
    """One year's report, and the certificate it is of; who looked is noted. Raises NotFound."""
    found = view_surveillance(session, actor, report_id)
    held = view_holding(session, actor, found.certificate_id)
    note_looks(session, actor, [held.holder_id], Look.REPORT, f"surveillance/{report_id}")
    return found, held


def open_history(session: Session, actor: Actor, holder_id: UUID) -> list[list[HoldingView]]:
    """How somebody's certificates followed each other; who looked is noted."""
    found = list_certificate_chains(session, holder_id)
    if found:
        note_looks(session, actor, [holder_id], Look.REPORT, f"holder/{holder_id}")
    return found


def open_evidence(session: Session, actor: Actor, surveillance_id: UUID, document_id: UUID) -> tuple[DocumentView, str]:
    """A document of a report, and the key its bytes lie under in the object store; who looked is noted.

    Raises NotFound unless it belongs to that report and the actor may see the report.
    """
    document = session.get(Document, document_id)
    row = session.get(Surveillance, surveillance_id)
    if document is None or row is None or document.surveillance_id != row.id:
        raise NotFound("document-unknown", UNKNOWN)
    holding = require_readable_holding(actor, row.holding)
    note_looks(session, actor, [holding.holder_id], Look.DOCUMENT, row.subject)
    return describe_evidence(document), document.key
