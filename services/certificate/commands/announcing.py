"""What is told of a certificate: to the other stages, and to other agencies without the reasons (domain handbook 8)."""

from typing import Any

from sqlalchemy.orm import Session

from services.certificate.agencies.commands import public_events  # noqa: F401 - it keeps what is told in public
from services.certificate.models import Certificate
from shared.contracts import Fact, public
from shared.messaging.outbox import announce


def announce_inside_and_outside(
    session: Session, certificate: Certificate, inside: Fact, outside: public.PublicCertificate
) -> None:
    """Tell one change twice: `inside` to the other stages, `outside` to other agencies."""
    announce(session, certificate, inside)
    announce(session, certificate, outside)


def describe_inside(certificate: Certificate) -> dict[str, Any]:
    """What every fact for the other stages begins with."""
    return {
        "certificate_id": certificate.id,
        "number": certificate.number,
        "holder_id": certificate.holder_id,
        "scheme_title": certificate.scheme_title,
    }


def describe_publicly(certificate: Certificate) -> dict[str, Any]:
    """What outsiders are told, and the check page shows: no more (domain handbook 8)."""
    return {
        "number": certificate.number,
        "holder_name": certificate.holder_name,
        "scheme": certificate.scheme_title,
        "issuer": certificate.issuer,
        "status": certificate.state.value,
        "issued_on": certificate.issued_on,
        "expires_on": certificate.expires_on,
        "check_url": certificate.current.check_url,
    }
