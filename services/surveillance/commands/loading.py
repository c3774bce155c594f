"""Finding a record for somebody: one's own, or none (R26 notes who acted)."""

from uuid import UUID

from sqlalchemy.orm import Session

from services.surveillance.models import LIVING, Surveillance
from shared.clock import today
from shared.errors import N_, Conflict, NotFound
from shared.security.actor import Actor

UNKNOWN = N_("Laporan surveilan tidak ditemukan. Periksa daftar laporan Anda.")


def load_own_surveillance(session: Session, actor: Actor, surveillance_id: UUID) -> Surveillance:
    """The holder's own; somebody else's is not found."""
    found = session.get(Surveillance, surveillance_id)
    if found is None or found.holding.holder_id != actor.id:
        raise NotFound("surveillance-unknown", UNKNOWN)
    return found


def load_surveillance(session: Session, surveillance_id: UUID) -> Surveillance:
    """Anybody's, for reviewers."""
    found = session.get(Surveillance, surveillance_id)
    if found is None:
        raise NotFound("surveillance-unknown", UNKNOWN)
    return found


def refuse_ended_certificate(surveillance: Surveillance) -> None:
    """Of a certificate that no longer lives nothing is reported or reviewed."""
    holding = surveillance.holding
    if holding.status not in LIVING or today() >= holding.expires_on:
        raise Conflict("certificate-ended", N_("Sertifikat ini sudah berakhir; laporannya tidak diperlukan lagi."))
