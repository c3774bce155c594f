"""Loading the report that an act is about, and refusing acts on what has ended."""

from uuid import UUID

from sqlalchemy.orm import Session

from services.surveillance.models import LIVING, Surveillance
from shared.clock import today
from shared.errors import N_, Conflict, NotFound
from shared.security.actor import Actor

UNKNOWN = N_("Laporan surveilan tidak ditemukan. Periksa daftar laporan Anda.")


def load_own_surveillance(session: Session, actor: Actor, surveillance_id: UUID) -> Surveillance:
    """The report, if it is on a certificate of the actor's own. Raises NotFound for somebody else's, as for none."""
    found = session.get(Surveillance, surveillance_id)
    if found is None or found.holding.holder_id != actor.id:
        raise NotFound("surveillance-unknown", UNKNOWN)
    return found


def load_surveillance(session: Session, surveillance_id: UUID) -> Surveillance:
    """The report, whoever's it is: for reviewers, whose role the view has asked. Raises NotFound."""
    found = session.get(Surveillance, surveillance_id)
    if found is None:
        raise NotFound("surveillance-unknown", UNKNOWN)
    return found


def refuse_ended_certificate(surveillance: Surveillance) -> None:
    """Raise Conflict when the certificate is withdrawn or expired: nothing is reported or reviewed on it any more."""
    holding = surveillance.holding
    if holding.status not in LIVING or today() >= holding.expires_on:
        raise Conflict("certificate-ended", N_("Sertifikat ini sudah berakhir; laporannya tidak diperlukan lagi."))
