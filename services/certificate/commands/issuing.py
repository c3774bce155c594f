"""A certificate is issued once its signed file is stored: only then is anything told (process 2.9)."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from services.certificate.domain.states import Act, State, moved
from services.certificate.models import Certificate, Change
from shared import audit, clock
from shared.contracts import certificate as facts
from shared.contracts import public
from shared.messaging.outbox import announce
from shared.security.actor import SYSTEM


@dataclass(frozen=True, slots=True)
class Stored:
    """Where the file lies, and what it is."""

    key: str
    sha256: str
    size: int


def confirm_issued(session: Session, certificate: Certificate, stored: Stored) -> None:
    """The file is stored: the certificate is valid, and announced. A second time changes nothing."""
    if certificate.state is not State.NUMBERED:
        return
    certificate.state = moved(certificate.state, Act.ISSUE)
    certificate.object_key, certificate.sha256, certificate.size = stored.key, stored.sha256, stored.size
    certificate.issued_at = certificate.state_since = clock.now()
    session.add(Change(certificate_id=certificate.id, act=Act.ISSUE, actor_name=SYSTEM.name, at=clock.now()))
    audit.record(
        session,
        SYSTEM,
        "certificate:issue",
        certificate.subject,
        before={"state": State.NUMBERED},
        after={"state": certificate.state, "number": certificate.number, "sha256": stored.sha256},
    )
    announce(session, certificate, _issued(certificate))
    announce(session, certificate, _publicly_issued(certificate))


def _issued(certificate: Certificate) -> facts.CertificateIssued:
    return facts.CertificateIssued(
        certificate_id=certificate.id,
        number=certificate.number,
        registration_number=certificate.registration_number,
        application_id=certificate.application_id,
        holder_id=certificate.holder_id,
        holder_name=certificate.holder_name,
        scheme_id=certificate.scheme_id,
        scheme_version=certificate.scheme_version,
        scheme_title=certificate.scheme_title,
        units=certificate.units,
        issued_on=certificate.issued_on,
        expires_on=certificate.expires_on,
        check_url=certificate.check_url,
        sha256=certificate.sha256,
        renews=certificate.renews,
    )


def _publicly_issued(certificate: Certificate) -> public.CertificateIssued | public.CertificateRenewed:
    shown = {**shown_publicly(certificate), "units": certificate.units}
    if certificate.renews:
        return public.CertificateRenewed.model_validate({**shown, "renews": certificate.renews})
    return public.CertificateIssued.model_validate(shown)


def shown_publicly(certificate: Certificate) -> dict[str, object]:
    """What outsiders are told, and the check page shows: no more (domain handbook 8)."""
    return {
        "number": certificate.number,
        "holder_name": certificate.holder_name,
        "scheme": certificate.scheme_title,
        "issuer": certificate.issuer,
        "status": certificate.state.value,
        "issued_on": certificate.issued_on,
        "expires_on": certificate.expires_on,
        "check_url": certificate.check_url,
    }
