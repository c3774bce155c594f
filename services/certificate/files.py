"""The stored file of a certificate, checked against the register on its way out."""

import hashlib
import logging

from services.certificate.models import Version
from shared.errors import N_, Conflict
from shared.objectstore import object_store

log = logging.getLogger(__name__)


def stored_file(version: Version) -> bytes:
    """The PDF as it was issued. Raises Conflict when the store gives other bytes: an altered file never goes out."""
    pdf = object_store().get(version.object_key)
    if hashlib.sha256(pdf).hexdigest() != version.sha256:
        log.error("the stored file of version %s is not the one that was issued", version.id)
        raise Conflict(
            "certificate-file-altered", N_("Berkas di penyimpanan tidak sama dengan yang diterbitkan. Hubungi LSP.")
        )
    return pdf


def file_name(version: Version, ending: str = "pdf") -> str:
    """`sertifikat-91011-2622-4-000001-2026.pdf`; from the second version on with its number."""
    edition = f"-versi-{version.version}" if version.version > 1 else ""
    return f"sertifikat-{version.certificate.number.replace(' ', '-')}{edition}.{ending}"
