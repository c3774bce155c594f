"""Who may read whose records: holders their own, the officers, the secretariat and auditors everybody's."""

from services.certificate.domain.states import PUBLIC
from services.certificate.models import Certificate
from shared.errors import N_, NotFound
from shared.security.actor import Actor
from shared.security.roles import OFFICERS, Role

READERS = (*OFFICERS, Role.SECRETARIAT, Role.AUDITOR)
"""Who sees the register."""
PREPARERS = (Role.CHAIR, Role.HEAD_OF_CERTIFICATION)
"""Who may try out an act on many certificates; only the chair starts it."""
DOWNLOADERS = OFFICERS
"""Who, beside the holder, may have the file itself."""
PAPER_KEEPERS = (Role.SECRETARIAT, Role.HEAD_OF_GENERAL_AFFAIRS)
"""Who keeps the stock of pre-printed sheets."""
PAPER_READERS = (*PAPER_KEEPERS, Role.AUDITOR)

UNKNOWN = N_("Sertifikat ini tidak ada. Periksa alamatnya, atau mulai dari daftar sertifikat Anda.")


def require_readable(actor: Actor, certificate: Certificate | None) -> Certificate:
    """`certificate`, if the actor may see it: a holder sees it once it is issued. Raises NotFound."""
    if certificate is None or not (is_holder(actor, certificate) or actor.has(*READERS)):
        raise NotFound("certificate-unknown", UNKNOWN)
    return certificate


def is_holder(actor: Actor, certificate: Certificate) -> bool:
    return certificate.holder_id == actor.id and certificate.state in PUBLIC
