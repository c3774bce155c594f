"""The stored file of a certificate, checked against the register on its way out."""

import hashlib
import logging

from services.certificate.models import Certificate
from shared.errors import N_, Conflict
from shared.objectstore import object_store

log = logging.getLogger(__name__)


def stored_file(certificate: Certificate) -> bytes:
    """The PDF as it was issued. Raises Conflict when the store gives other bytes: an altered file never goes out."""
    pdf = object_store().get(certificate.object_key)
    if hashlib.sha256(pdf).hexdigest() != certificate.sha256:
        log.error("the stored file of certificate %s is not the one that was issued", certificate.id)
        raise Conflict(
            "certificate-file-altered", N_("Berkas di penyimpanan tidak sama dengan yang diterbitkan. Hubungi LSP.")
        )
    return pdf


def file_name(certificate: Certificate) -> str:
    """`sertifikat-91011-2622-4-000001-2026.pdf`."""
    return f"sertifikat-{certificate.number.replace(' ', '-')}.pdf"
