"""Opening the certificate of a holder: whoever else looks is noted (UU 27/2022)."""

from uuid import UUID

from sqlalchemy.orm import Session

from services.certificate.models import Certificate
from services.certificate.queries.certificates import CertificateView, view_certificate
from shared.access_log import Look, note_looks
from shared.security.actor import Actor


def open_certificate(session: Session, actor: Actor, certificate_id: UUID) -> CertificateView:
    """One certificate with its history, as the actor may see it; who looked is noted (UU 27/2022). Raises NotFound."""
    found = view_certificate(session, actor, certificate_id)
    note_looks(session, actor, [found.holder_id], Look.CERTIFICATE, f"certificate/{certificate_id}")
    return found


def note_certificate_look(session: Session, actor: Actor, row: Certificate) -> None:
    """Note that the actor is shown a certificate."""
    note_looks(session, actor, [row.holder_id], Look.CERTIFICATE, row.subject)
