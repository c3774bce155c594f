"""From all that is fixed of one version to its signed file: a pure function, safe to do twice and in any process."""

import hashlib
import re
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from services.certificate import encrypted_kinds
from services.certificate.body_settings import find_template
from services.certificate.domain.validity import compute_retention_end
from shared.credentials import ATTACHMENT, Claims, badge, compact, credential_key
from shared.documents import qr, render_pdf
from shared.documents.pictures import photograph_svg
from shared.documents.signing import document_signer
from shared.kept_files import read_kept_file
from shared.runtime.pool import Pool
from shared.settings import settings

if TYPE_CHECKING:
    from services.certificate.models import Version

REASON = "Penerbitan sertifikat kompetensi"
QR, PHOTO = "qr.svg", "photo.svg"
PHOTO_NAME = re.compile(r"/([0-9a-f]{64})\.jpg\Z", re.ASCII)
"""Registration names a photo by the SHA-256 of its content."""
PHOTO_SIZE = (300, 400)
"""3x4 (domain handbook 3.3)."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What it takes to make one file. Everything comes from the row, so twice gives the same bytes.

    `photo` is the JPEG at `photo_key`, none while it has not been fetched, or where there is no photo.
    """

    version_id: UUID
    key: str
    template: str
    printed: dict[str, Any]
    claims: Claims
    at: datetime
    keep_until: datetime | None = None
    photo_key: str = ""
    photo: bytes | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """The signed file and the JSON credential that is attached to it."""

    pdf: bytes
    credential: str = ""
    signed_with: str = ""

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.pdf).hexdigest()


def gather_sheet(version: "Version") -> Sheet:
    """Return all it takes to make the file of `version`, free of its database session, so that any process can."""
    from services.certificate.making.claims import build_claims

    certificate = version.certificate
    return Sheet(
        version_id=version.id,
        key=f"certificates/{certificate.issued_on.year}/{certificate.id}-{version.version}.pdf",
        template=version.template,
        printed=version.printed.for_layout(),
        claims=build_claims(version),
        at=version.made_at,
        keep_until=compute_retention_end(certificate.expires_on, settings().retention_years),
        photo_key=version.photo_key,
    )


def fetch_photo(sheet: Sheet) -> Sheet:
    """Return the sheet with its photo, read from the store. Raises StoreUnavailable, and FileLost for another one."""
    if not sheet.photo_key:
        return sheet
    named = PHOTO_NAME.search(sheet.photo_key)
    sha256 = named[1] if named else ""
    return replace(sheet, photo=read_kept_file(sheet.photo_key, encrypted_kinds.PHOTO, sha256=sha256))


def make_signed_file(sheet: Sheet) -> Made:
    """The signed certificate with its credential. Raises Invalid, DocumentError, SigningKeyUnfit, ValueError."""
    credential = badge.issue_badge(sheet.claims, credential_key(), sheet.at)
    pdf = render_certificate(sheet, find_template(sheet.template), credential=credential)
    by = document_signer()
    return Made(by.sign(pdf, at=sheet.at, reason=REASON), credential, by.key_id)


def render_certificate(sheet: Sheet, layout: Path, *, credential: str = "", sheet_number: str = "") -> bytes:
    """Return the unsigned pages as PDF, on plain paper or, with the number of the sheet, on pre-printed stock."""
    drawing = qr.qr_svg(compact.qr_text(sheet.claims, credential_key()))
    files = {QR: drawing.encode()}
    if sheet.photo:
        files[PHOTO] = photograph_svg(sheet.photo, *PHOTO_SIZE)
    if credential:
        files[ATTACHMENT] = credential.encode()
    return render_pdf(layout, {**sheet.printed, "qr": drawing, "sheet_number": sheet_number}, at=sheet.at, files=files)


@lru_cache(maxsize=1)
def maker_pool() -> Pool:
    """The processes that make certificates; in the embedded mode this one."""
    return Pool(settings().workers)
