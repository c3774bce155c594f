"""What the chair does to a certificate (ISO/IEC 17024 9.5)."""

from sqlalchemy.orm import Session

from services.certificate.access import DECIDERS
from services.certificate.blueprints import api
from services.certificate.commands.life import (
    Reason,
    Suspend,
    reinstate_certificate,
    suspend_certificate,
    withdraw_certificate,
)
from services.certificate.commands.looking import note_certificate_look
from services.certificate.commands.retrying import retry_version
from services.certificate.commands.revising import Reduce, Reissue, abandon_version, reduce_scope, reissue_certificate
from services.certificate.commands.voiding import void_certificate
from services.certificate.models import Certificate
from services.certificate.queries import certificates
from shared.web import ById, allow, current_actor, unit_of_work


@api.post("/certificates/<uuid:id>/suspend", responses={200: certificates.CertificateView})
@allow(DECIDERS)
def post_suspension(path: ById, body: Suspend) -> certificates.CertificateView:
    """Suspend until a limit, with a reason (R15)."""
    with unit_of_work() as session:
        return _show_changed(session, suspend_certificate(session, current_actor(), path.id, body))


@api.post("/certificates/<uuid:id>/reinstate", responses={200: certificates.CertificateView})
@allow(DECIDERS)
def post_reinstatement(path: ById, body: Reason) -> certificates.CertificateView:
    """End a suspension."""
    with unit_of_work() as session:
        return _show_changed(session, reinstate_certificate(session, current_actor(), path.id, body))


@api.post("/certificates/<uuid:id>/withdraw", responses={200: certificates.CertificateView})
@allow(DECIDERS)
def post_withdrawal(path: ById, body: Reason) -> certificates.CertificateView:
    """Withdraw for good."""
    with unit_of_work() as session:
        return _show_changed(session, withdraw_certificate(session, current_actor(), path.id, body))


@api.post("/certificates/<uuid:id>/void", responses={200: certificates.CertificateView})
@allow(DECIDERS)
def post_voiding(path: ById, body: Reason) -> certificates.CertificateView:
    """Void the number of a certificate that could not be made."""
    with unit_of_work() as session:
        return _show_changed(session, void_certificate(session, current_actor(), path.id, body))


@api.post("/certificates/<uuid:id>/reissue", responses={202: certificates.CertificateView})
@allow(DECIDERS)
def post_reissue(path: ById, body: Reissue) -> tuple[certificates.CertificateView, int]:
    """Correct the holder's name: a new version is made, the old one superseded."""
    with unit_of_work() as session:
        return _show_changed(session, reissue_certificate(session, current_actor(), path.id, body).certificate), 202


@api.post("/certificates/<uuid:id>/reduce", responses={202: certificates.CertificateView})
@allow(DECIDERS)
def post_reduction(path: ById, body: Reduce) -> tuple[certificates.CertificateView, int]:
    """Reduce the scope to the units named: a new version is made (R16)."""
    with unit_of_work() as session:
        return _show_changed(session, reduce_scope(session, current_actor(), path.id, body).certificate), 202


@api.post("/certificates/<uuid:id>/abandon", responses={200: certificates.CertificateView})
@allow(DECIDERS)
def post_abandonment(path: ById, body: Reason) -> certificates.CertificateView:
    """Give up a new version that can't be made; the one in force stays."""
    with unit_of_work() as session:
        return _show_changed(session, abandon_version(session, current_actor(), path.id, body).certificate)


@api.post("/certificates/<uuid:id>/retry", responses={202: certificates.CertificateView})
@allow(DECIDERS)
def post_version_retry(path: ById) -> tuple[certificates.CertificateView, int]:
    """Make the version in the making now, instead of when its turn comes."""
    with unit_of_work() as session:
        return _show_changed(session, retry_version(session, current_actor(), path.id)), 202


def _show_changed(session: Session, changed: Certificate) -> certificates.CertificateView:
    """The certificate as it is now, for whoever just changed it: an answer that shows it is a look at it."""
    note_certificate_look(session, current_actor(), changed)
    return certificates.describe_certificate(changed)
