"""A version takes effect once its signed file is stored: only then is anything told (process 2.9, R16)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from services.certificate.commands.announcing import announce_inside_and_outside, describe_inside, describe_publicly
from services.certificate.domain.states import LIVING, Act, State, apply_certificate_act
from services.certificate.domain.validity import judge_state_on
from services.certificate.domain.versions import Cause, VersionState
from services.certificate.models import Certificate, Change, Version
from shared import audit, clock
from shared.contracts import certificate as facts
from shared.contracts import public
from shared.security.actor import SYSTEM

ACTS: Mapping[Cause, Act] = {Cause.FIRST: Act.ISSUE, Cause.CORRECTION: Act.REISSUE, Cause.REDUCTION: Act.REDUCE}


@dataclass(frozen=True, slots=True)
class Stored:
    """Where the file lies, and what it is; `credential` is the JSON attached to it."""

    key: str
    sha256: str
    size: int
    credential: str = ""
    signed_with: str = ""


def confirm_version(session: Session, version: Version, stored: Stored) -> None:
    """Put a version whose file is stored in force, and announce it. A second time changes nothing.

    A version of a certificate that was withdrawn, voided or ran out meanwhile is voided: nobody ever saw it.
    """
    if version.state is not VersionState.MAKING:
        return
    certificate = version.certificate
    version.object_key, version.sha256, version.size = stored.key, stored.sha256, stored.size
    version.credential, version.signed_with = stored.credential, stored.signed_with
    version.state_since = clock.now()
    today = judge_state_on(certificate.state, certificate.expires_on, clock.today())
    if today is not State.NUMBERED and today not in LIVING:
        version.state = VersionState.VOIDED
        return
    _take_effect(session, certificate, version)
    if version.cause is Cause.FIRST:
        announce_inside_and_outside(session, certificate, _issued(certificate, version), _publicly_issued(certificate))
    elif version.cause is Cause.CORRECTION:
        announce_inside_and_outside(
            session, certificate, _reissued(certificate, version), _publicly_reissued(certificate, version)
        )
    else:
        announce_inside_and_outside(
            session, certificate, _reduced(certificate, version), _publicly_reduced(certificate, version)
        )


def _take_effect(session: Session, certificate: Certificate, version: Version) -> None:
    act, before = ACTS[version.cause], certificate.state
    if before is not State.SUSPENDED or act is not Act.REISSUE:
        certificate.state = apply_certificate_act(before, act, reduced=certificate.reduced_at is not None)
    for other in certificate.versions:
        if other.state is VersionState.CURRENT:
            other.state, other.state_since = VersionState.SUPERSEDED, version.state_since
    version.state = VersionState.CURRENT
    certificate.current_version = version.version
    certificate.holder_name, certificate.units = version.holder_name, version.units
    if certificate.state is not before:
        certificate.state_since = version.state_since
    if act is Act.ISSUE:
        certificate.issued_at = version.state_since
    if act is Act.REDUCE:
        certificate.reduced_at, certificate.suspended_until = version.state_since, None
    session.add(
        Change(
            certificate_id=certificate.id,
            act=act,
            version=version.version,
            reason=version.reason,
            actor_name=version.ordered_by or SYSTEM.name,
            at=version.state_since,
        )
    )
    audit.record_act(
        session,
        SYSTEM,
        f"certificate:{act.value}",
        certificate.subject,
        before={"state": before},
        after={"state": certificate.state, "number": certificate.number, "version": version.version,
               "sha256": version.sha256},
    )  # fmt: skip


def _issued(certificate: Certificate, version: Version) -> facts.CertificateIssued:
    return facts.CertificateIssued(
        **describe_inside(certificate),
        registration_number=certificate.registration_number,
        application_id=certificate.application_id,
        holder_name=certificate.holder_name,
        scheme_id=certificate.scheme_id,
        scheme_version=certificate.scheme_version,
        units=certificate.units,
        issued_on=certificate.issued_on,
        expires_on=certificate.expires_on,
        check_url=version.check_url,
        sha256=version.sha256,
        renews=certificate.renews,
    )


def _reissued(certificate: Certificate, version: Version) -> facts.CertificateReissued:
    return facts.CertificateReissued(**_told_of_next(certificate, version), holder_name=version.holder_name)


def _reduced(certificate: Certificate, version: Version) -> facts.CertificateScopeReduced:
    return facts.CertificateScopeReduced(**_told_of_next(certificate, version), units=version.units)


def _told_of_next(certificate: Certificate, version: Version) -> dict[str, Any]:
    """What is told of every version after the first."""
    return {
        **describe_inside(certificate),
        "version": version.version,
        "check_url": version.check_url,
        "sha256": version.sha256,
        "reason": version.reason,
        "at": version.state_since,
    }


def _publicly_issued(certificate: Certificate) -> public.CertificateIssued | public.CertificateRenewed:
    shown = {**describe_publicly(certificate), "units": certificate.units}
    if certificate.renews:
        return public.CertificateRenewed.model_validate({**shown, "renews": certificate.renews})
    return public.CertificateIssued.model_validate(shown)


def _publicly_reissued(certificate: Certificate, version: Version) -> public.CertificateReissued:
    return public.CertificateReissued.model_validate({**describe_publicly(certificate), "at": version.state_since})


def _publicly_reduced(certificate: Certificate, version: Version) -> public.CertificateScopeReduced:
    shown = {**describe_publicly(certificate), "units": certificate.units, "at": version.state_since}
    return public.CertificateScopeReduced.model_validate(shown)
