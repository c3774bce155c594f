"""What anybody may know of a certificate whose token they hold (R22; domain handbook 8)."""

import hmac
import re
from datetime import date
from urllib.parse import urlsplit

from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from services.certificate.domain.states import PUBLIC, State
from services.certificate.domain.validity import state_on
from services.certificate.domain.versions import HANDED_OUT, VersionState
from services.certificate.models import Version
from shared import clock
from shared.errors import N_, Invalid, NotFound

TOKEN = re.compile(r"[a-z2-7]{26}")
NOT_GENUINE = N_(
    "Tidak ada sertifikat dengan kode pemeriksaan ini. Pindai lagi kode QR pada sertifikat, "
    "atau salin alamatnya dengan lengkap. Bila tetap tidak ditemukan, sertifikat itu tidak diterbitkan oleh kami."
)


class CheckView(BaseModel):
    """The minimum: name, scheme, issuer, number, status, dates; of the version in force, as of today.

    `superseded` says that the sheet with this token was replaced by a newer version of the same certificate.
    """

    number: str
    holder_name: str
    scheme: str
    issuer: str
    status: State
    issued_on: date
    expires_on: date
    suspended_until: date | None
    superseded: bool
    checked_on: date


def check(session: Session, token: str) -> CheckView:
    """What the holder of a check token may know. Raises NotFound for any that was never handed out."""
    version = (
        session.scalars(
            select(Version).where(Version.check_token == token).options(joinedload(Version.certificate))
        ).one_or_none()
        if TOKEN.fullmatch(token)
        else None
    )
    if version is None or version.state not in HANDED_OUT or version.certificate.state not in PUBLIC:
        raise NotFound("certificate-not-genuine", NOT_GENUINE)
    certificate = version.certificate
    today = clock.today()
    return CheckView(
        number=certificate.number,
        holder_name=certificate.holder_name,
        scheme=certificate.scheme_title,
        issuer=certificate.issuer,
        status=state_on(certificate.state, certificate.expires_on, today),
        issued_on=certificate.issued_on,
        expires_on=certificate.expires_on,
        suspended_until=certificate.suspended_until,
        superseded=version.state is VersionState.SUPERSEDED,
        checked_on=today,
    )


def token_in(text: str) -> str:
    """The token in what somebody pasted: the token itself, or the whole link. Raises Invalid."""
    path = urlsplit(text.strip()).path.rstrip("/")
    token = path.rsplit("/", 1)[-1].lower()
    if not TOKEN.fullmatch(token):
        wrong = N_("Tempel seluruh alamat dari kode QR, atau kode pemeriksaan 26 huruf di ujungnya.")
        raise Invalid("check-token", N_("Kode pemeriksaan tidak lengkap."), fields={"code": wrong})
    return token


def has_number(found: CheckView, number: str) -> bool:
    """Whether the number that somebody reads on the sheet is that of the certificate found; spaces don't count."""
    told, known = ("".join(text.split()).encode() for text in (number, found.number))
    return hmac.compare_digest(told, known)
