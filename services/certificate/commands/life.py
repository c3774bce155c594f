"""Suspended, reinstated, withdrawn, expired (R15; ISO/IEC 17024 9.5): the chair decides, with a reason."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from sqlalchemy import select
from sqlalchemy.orm import Session

from services.certificate.commands.announcing import announce_inside_and_outside, describe_inside, describe_publicly
from services.certificate.commands.loading import lock_certificate
from services.certificate.domain.states import LIVING, Act, State, apply_certificate_act
from services.certificate.domain.validity import check_suspension_limit, judge_state_on
from services.certificate.domain.versions import VersionState, refuse_while_reducing
from services.certificate.models import Certificate, Change, Version
from shared import audit, clock
from shared.contracts import Fact, public
from shared.contracts import certificate as facts
from shared.security.actor import SYSTEM, Actor
from shared.visible import require_visible

BATCH = 200
REASON_LENGTH = 10
"""The shortest reason, in characters."""
ReasonText = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=REASON_LENGTH, max_length=2000),
    require_visible(REASON_LENGTH // 2),
]


class Reason(BaseModel):
    """Why the chair acts; the holder reads it."""

    model_config = ConfigDict(str_strip_whitespace=True)

    reason: ReasonText = Field(description="Why, in a sentence the holder can read.")


class Suspend(Reason):
    """A suspension with its reason and its limit (R15)."""

    until: date = Field(description="The limit: what is not settled by then leads to withdrawal (R15).")


def suspend_certificate(session: Session, actor: Actor, certificate_id: UUID, given: Suspend) -> Certificate:
    """Suspend until a limit, and tell the holder and the agencies (R15; ISO/IEC 17024 9.5).

    Raises NotFound, Invalid for a limit in the past or beyond the validity, Conflict unless it is valid. Conflict also
    while a reduction of scope is being made: that ends a suspension, and must not end a later one.
    """
    certificate = lock_certificate(session, certificate_id)
    after = foresee_state(certificate, Act.SUSPEND)
    check_suspension_limit(given.until, clock.today(), certificate.expires_on)
    making = certificate.in_the_making
    refuse_while_reducing(making.cause if making else None)
    certificate.suspended_until = given.until
    _move(session, actor, certificate, Act.SUSPEND, after, given.reason, given.until)
    told = {**describe_inside(certificate), "reason": given.reason, "until": given.until, "at": certificate.state_since}
    _announce(session, certificate, facts.CertificateSuspended.model_validate(told), public.CertificateSuspended)
    return certificate


def reinstate_certificate(session: Session, actor: Actor, certificate_id: UUID, given: Reason) -> Certificate:
    """End a suspension before its limit. Raises NotFound, Conflict unless it is suspended."""
    certificate = lock_certificate(session, certificate_id)
    after = foresee_state(certificate, Act.REINSTATE)
    certificate.suspended_until = None
    _move(session, actor, certificate, Act.REINSTATE, after, given.reason)
    told = {**describe_inside(certificate), "reason": given.reason, "at": certificate.state_since}
    _announce(session, certificate, facts.CertificateReinstated.model_validate(told), public.CertificateReinstated)
    return certificate


def withdraw_certificate(session: Session, actor: Actor, certificate_id: UUID, given: Reason) -> Certificate:
    """Withdraw for good, and void a version in the making (ISO/IEC 17024 9.5).

    Raises NotFound, Conflict unless it is valid, reduced or suspended.
    """
    certificate = lock_certificate(session, certificate_id)
    after = foresee_state(certificate, Act.WITHDRAW)
    certificate.suspended_until = None
    _give_up_making(session, actor, [certificate])
    _move(session, actor, certificate, Act.WITHDRAW, after, given.reason)
    told = {**describe_inside(certificate), "reason": given.reason, "at": certificate.state_since}
    _announce(session, certificate, facts.CertificateWithdrawn.model_validate(told), public.CertificateWithdrawn)
    return certificate


def expire_due_certificates(session: Session, today: date) -> int:
    """Write down which certificates have come to their end, a handful at a time; how many were found."""
    due = session.scalars(
        select(Certificate)
        .where(Certificate.state.in_(LIVING), Certificate.expires_on < today)
        .order_by(Certificate.expires_on)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    ).all()
    _give_up_making(session, SYSTEM, due)
    for certificate in due:
        certificate.suspended_until = None
        _move(session, SYSTEM, certificate, Act.EXPIRE, apply_certificate_act(certificate.state, Act.EXPIRE), "")
        told = {**describe_inside(certificate), "at": certificate.state_since}
        _announce(session, certificate, facts.CertificateExpired.model_validate(told), public.CertificateExpired)
    return len(due)


def foresee_state(certificate: Certificate, act: Act) -> State:
    """The state `act` leads to, judged by what the certificate is today. Raises Conflict when it is not possible."""
    today = judge_state_on(certificate.state, certificate.expires_on, clock.today())
    return apply_certificate_act(today, act, reduced=certificate.reduced_at is not None)


def void_version(session: Session, actor: Actor, version: Version, subject: str, reason: str) -> None:
    """Give up a version that was never handed out; the certificate and its version in force stay as they are."""
    version.state, version.state_since = VersionState.VOIDED, clock.now()
    audit.record_act(session, actor, "version:void", subject, after={"version": version.version, "reason": reason})


def _give_up_making(session: Session, actor: Actor, certificates: Sequence[Certificate]) -> None:
    """Void the version in the making: a certificate that has ended gets no new one."""
    ending = {certificate.id: certificate for certificate in certificates}
    making = select(Version).where(Version.certificate_id.in_(ending), Version.state == VersionState.MAKING)
    for version in session.scalars(making):
        void_version(session, actor, version, ending[version.certificate_id].subject, "")


def _move(
    session: Session,
    actor: Actor,
    certificate: Certificate,
    act: Act,
    after: State,
    reason: str,
    until: date | None = None,
) -> None:
    before, now = certificate.state, clock.now()
    certificate.state, certificate.state_since = after, now
    session.add(
        Change(certificate_id=certificate.id, act=act, reason=reason, until=until, actor_name=actor.name, at=now)
    )
    audit.record_act(
        session,
        actor,
        f"certificate:{act.value}",
        certificate.subject,
        before={"state": before},
        after={"state": after, "reason": reason, "until": until.isoformat() if until else None},
    )


def _announce(
    session: Session,
    certificate: Certificate,
    fact: Fact,
    outside: type[public.PublicCertificate],
) -> None:
    """Tell the other stages what was done, and other agencies as `outside`: they don't learn the reason."""
    shown = {**describe_publicly(certificate), "at": certificate.state_since}
    announce_inside_and_outside(session, certificate, fact, outside.model_validate(shown))
