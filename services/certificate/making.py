"""From all that is fixed of one version to its signed file: a pure function, safe to do twice and anywhere."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.certificate.domain.validity import kept_until
from services.certificate.models import Version
from services.certificate.practice import template
from shared.documents import qr, render
from shared.documents.signing import signer
from shared.settings import settings

REASON = "Penerbitan sertifikat kompetensi"


@dataclass(frozen=True, slots=True)
class Sheet:
    """What it takes to make one file. Everything comes from the row, so twice gives the same bytes."""

    version_id: UUID
    key: str
    template: str
    printed: dict[str, Any]
    at: datetime
    keep_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """The signed file and the JSON credential that is attached to it."""

    pdf: bytes
    credential: str = ""
    signed_with: str = ""

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.pdf).hexdigest()


def sheet_of(version: Version) -> Sheet:
    year = version.certificate.issued_on.year
    return Sheet(
        version_id=version.id,
        key=f"certificates/{year}/{version.certificate_id}-{version.version}.pdf",
        template=version.template,
        printed=version.printed,
        at=version.made_at,
        keep_until=kept_until(version.certificate.expires_on, settings().retention_years),
    )


def made(sheet: Sheet) -> Made:
    unsigned = render(
        template(sheet.template), {**sheet.printed, "qr": qr.svg(sheet.printed["check_url"])}, at=sheet.at
    )
    return Made(signer().sign(unsigned, at=sheet.at, reason=REASON))
