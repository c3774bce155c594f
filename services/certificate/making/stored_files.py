"""The stored file of a certificate, checked against the register on its way out."""

import hashlib
import json
import logging
from collections.abc import Collection

from services.certificate.making.production import Made, Sheet
from services.certificate.models import Version
from shared.credentials.pdf import open_signed_pdf
from shared.errors import N_, Conflict
from shared.kept_files import read_kept_file

log = logging.getLogger(__name__)


def read_stored_file(version: Version) -> bytes:
    """The PDF as it was issued.

    Raises FileLost when it is gone, Conflict when the store gives other bytes: an altered file never goes out.
    """
    pdf = read_kept_file(version.object_key)
    if hashlib.sha256(pdf).hexdigest() != version.sha256:
        log.error("the stored file of version %s is not the one that was issued", version.id)
        raise Conflict(
            "certificate-file-altered", N_("Berkas di penyimpanan tidak sama dengan yang diterbitkan. Hubungi LSP.")
        )
    return pdf


def name_certificate_file(version: Version, ending: str = "pdf") -> str:
    """`sertifikat-91011-2622-4-000001-2026.pdf`; from the second version on with its number."""
    edition = f"-versi-{version.version}" if version.version > 1 else ""
    return f"sertifikat-{version.certificate.number.replace(' ', '-')}{edition}.{ending}"


def adopt_stored_file(sheet: Sheet, pdf: bytes, signers: Collection[str]) -> Made:
    """What an earlier try stored, made under a key or a font version of then: it is the certificate, if it is ours.

    `signers` are the fingerprints of all keys that ever signed for us. Raises Conflict for any other file.
    """
    try:
        signed = open_signed_pdf(pdf)
        credential = signed.credential().decode() if signed.intact() else ""
        genuine = signed.fingerprint in signers and json.loads(credential)["id"] == sheet.claims.check_url
    except (ValueError, LookupError):
        genuine = False
    if not genuine:
        raise Conflict(
            "stored-file-foreign",
            N_("Di penyimpanan sudah ada berkas lain pada tempat sertifikat ini. Minta operator memeriksanya."),
        )
    return Made(pdf, credential, signed.fingerprint)
