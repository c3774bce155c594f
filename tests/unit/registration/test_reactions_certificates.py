"""What registration keeps of certificates, so that they can be renewed (process 2.12)."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy.orm import Session

from services.registration.models import Holding, HoldingStatus
from services.registration.queries import applications as queries
from shared import clock
from shared.contracts import certificate, surveillance
from shared.messaging.reactions import NotYet
from tests.unit.registration.files import SCHEME, actor, submitted
from tests.unit.registration.hearing import hear

ME = actor()
NUMBER = "91011 2622 4 000001 2026"
ISSUED = clock.today()


def issued(application_id: UUID, **changes: Any) -> certificate.CertificateIssued:
    values: dict[str, Any] = {
        "certificate_id": uuid4(),
        "number": NUMBER,
        "holder_id": ME.id,
        "scheme_title": "Layanan Dasar Perpustakaan",
        "registration_number": "PRP 0000 00001 2026",
        "application_id": application_id,
        "holder_name": "SARI CONTOH",
        "scheme_id": SCHEME,
        "scheme_version": "2026.1",
        "units": ["R.91PRP03.030.1"],
        "issued_on": ISSUED,
        "expires_on": ISSUED + timedelta(days=3 * 365),
        "check_url": "https://contoh.test/certificate/check",
        "sha256": "0" * 64,
        "renews": None,
    }
    return certificate.CertificateIssued(**(values | changes))


def status(session: Session) -> HoldingStatus:
    return session.get_one(Holding, NUMBER).status


def test_a_certificate_is_known_for_renewal_until_it_is_withdrawn(session: Session) -> None:
    application = submitted(session, ME)
    hear(session, issued(application.id), 1, after=1)
    assert [one.number for one in queries.list_renewable_certificates(session, ME)] == [NUMBER]
    about = {"certificate_id": uuid4(), "number": NUMBER, "holder_id": ME.id, "scheme_title": "x"}
    hear(session, certificate.CertificateWithdrawn(**about, reason="x", at=clock.now()), 3)
    assert queries.list_renewable_certificates(session, ME) == []
    hear(session, certificate.CertificateSuspended(**about, reason="x", until=date(2027, 1, 1), at=clock.now()), 2)
    assert status(session) is HoldingStatus.WITHDRAWN


def test_a_suspended_certificate_can_be_reinstated_and_expires(session: Session) -> None:
    application = submitted(session, ME)
    hear(session, issued(application.id), 1)
    about = {"certificate_id": uuid4(), "number": NUMBER, "holder_id": ME.id, "scheme_title": "x"}
    hear(session, certificate.CertificateSuspended(**about, reason="x", until=date(2027, 1, 1), at=clock.now()), 2)
    assert status(session) is HoldingStatus.SUSPENDED
    hear(session, certificate.CertificateReinstated(**about, reason="x", at=clock.now()), 3)
    assert status(session) is HoldingStatus.VALID
    hear(session, certificate.CertificateExpired(**about, at=clock.now()), 4)
    assert queries.list_renewable_certificates(session, ME) == []


def test_news_of_a_certificate_not_known_yet_waits(session: Session) -> None:
    about = {"certificate_id": uuid4(), "number": NUMBER, "holder_id": ME.id, "scheme_title": "x"}
    with pytest.raises(NotYet):
        hear(session, certificate.CertificateExpired(**about, at=clock.now()))
    with pytest.raises(NotYet):
        hear(session, invitation(uuid4()))


def invitation(application_id: UUID) -> surveillance.RecertificationInvited:
    return surveillance.RecertificationInvited(
        certificate_id=uuid4(),
        certificate_number=NUMBER,
        holder_id=ME.id,
        application_id=application_id,
        scheme_id=SCHEME,
        scheme_title="Layanan Dasar Perpustakaan",
        expires_on=ISSUED + timedelta(days=3 * 365),
        days_left=90,
    )


def test_an_invitation_stands_beside_the_certificate(session: Session) -> None:
    application = submitted(session, ME)
    hear(session, issued(application.id), 1)
    assert [one.invited for one in queries.list_renewable_certificates(session, ME)] == [False]
    hear(session, invitation(application.id), 1, after=5)
    hear(session, invitation(application.id), 2, after=2)
    (one,) = queries.list_renewable_certificates(session, ME)
    assert one.invited


def test_a_reduction_of_scope_ends_a_suspension(session: Session) -> None:
    application = submitted(session, ME)
    hear(session, issued(application.id), 1)
    about = {"certificate_id": uuid4(), "number": NUMBER, "holder_id": ME.id, "scheme_title": "x"}
    hear(session, certificate.CertificateSuspended(**about, reason="x", until=date(2027, 1, 1), at=clock.now()), 2)
    version = {"version": 2, "units": ["R.91PRP03.030.1"], "check_url": "https://contoh.test/x", "sha256": "1" * 64}
    hear(session, certificate.CertificateScopeReduced(**about, **version, reason="x", at=clock.now()), 3)
    assert status(session) is HoldingStatus.VALID
