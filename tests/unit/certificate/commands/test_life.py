from collections.abc import Callable
from datetime import date, timedelta
from uuid import uuid4

import pytest
from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from services.certificate.commands.life import (
    Reason,
    Suspend,
    expire_due_certificates,
    reinstate_certificate,
    suspend_certificate,
    withdraw_certificate,
)
from services.certificate.domain.states import State
from services.certificate.models import Change
from shared import clock
from shared.audit import AuditRow
from shared.errors import Conflict, Invalid, NotFound
from tests.unit.certificate.scene import CHAIR, REASON, Candidate, issued, told, types_told


def suspension(days: int = 60) -> Suspend:
    return Suspend(reason=REASON.reason, until=clock.today() + timedelta(days=days))


def test_a_suspension_has_reason_and_limit_and_is_told(session: Session, candidate: Candidate) -> None:
    certificate = issued(session, candidate)
    suspend_certificate(session, CHAIR, certificate.id, suspension())
    session.flush()
    assert certificate.state is State.SUSPENDED
    assert certificate.suspended_until == clock.today() + timedelta(days=60)
    inside, outside = told(session)[-2:]
    assert inside.data["reason"] == REASON.reason
    assert inside.data["until"] == certificate.suspended_until.isoformat()
    assert outside.data["status"] == "suspended"
    assert "reason" not in outside.data


def test_reinstated_it_is_valid_again_without_a_limit(session: Session, candidate: Candidate) -> None:
    certificate = issued(session, candidate)
    suspend_certificate(session, CHAIR, certificate.id, suspension())
    reinstate_certificate(session, CHAIR, certificate.id, REASON)
    session.flush()
    assert (certificate.state, certificate.suspended_until) == (State.VALID, None)
    assert types_told(session)[-2:] == ["certificate.certificate_reinstated", "public.certificate_reinstated"]


@pytest.mark.parametrize("suspended_first", [False, True])
def test_withdrawn_it_stays_withdrawn(session: Session, candidate: Candidate, suspended_first: bool) -> None:
    certificate = issued(session, candidate)
    if suspended_first:
        suspend_certificate(session, CHAIR, certificate.id, suspension())
    withdraw_certificate(session, CHAIR, certificate.id, REASON)
    session.flush()
    assert certificate.state is State.WITHDRAWN
    assert types_told(session)[-2:] == ["certificate.certificate_withdrawn", "public.certificate_withdrawn"]
    with pytest.raises(Conflict):
        suspend_certificate(session, CHAIR, certificate.id, suspension())
    with pytest.raises(Conflict):
        reinstate_certificate(session, CHAIR, certificate.id, REASON)


@pytest.mark.parametrize("days", [-1, 0, 366 * 4])
def test_a_limit_in_the_past_or_after_the_end_is_refused(session: Session, candidate: Candidate, days: int) -> None:
    certificate = issued(session, candidate)
    with pytest.raises(Invalid):
        suspend_certificate(session, CHAIR, certificate.id, suspension(days))
    assert certificate.state is State.VALID


@pytest.mark.parametrize("reason", ["", "          ", "pendek"])
def test_an_act_without_a_proper_reason_is_not_asked_for(reason: str) -> None:
    with pytest.raises(ValidationError):
        Reason(reason=reason)


def test_what_is_not_there_cannot_be_acted_on(session: Session) -> None:
    with pytest.raises(NotFound):
        withdraw_certificate(session, CHAIR, uuid4(), REASON)


def test_every_step_is_kept_with_who_and_why(session: Session, candidate: Candidate) -> None:
    certificate = issued(session, candidate)
    suspend_certificate(session, CHAIR, certificate.id, suspension())
    withdraw_certificate(session, CHAIR, certificate.id, REASON)
    session.flush()
    changes = session.scalars(select(Change).where(Change.certificate_id == certificate.id)).all()
    assert {(change.act.value, change.actor_name) for change in changes} == {
        ("issue", "Sistem"), ("suspend", CHAIR.name), ("withdraw", CHAIR.name),
    }  # fmt: skip
    audited = [row for row in session.scalars(select(AuditRow)) if row.subject == certificate.subject]
    assert [row.action for row in audited][-2:] == ["certificate:suspend", "certificate:withdraw"]
    assert audited[-1].before == {"state": "suspended"}


def test_after_its_last_day_a_certificate_is_expired_and_it_is_told(
    session: Session, candidate: Candidate, on_day: Callable[[date], None]
) -> None:
    certificate = issued(session, candidate)
    on_day(certificate.expires_on)
    assert expire_due_certificates(session, clock.today()) == 0
    on_day(certificate.expires_on + timedelta(days=1))
    assert expire_due_certificates(session, clock.today()) == 1
    session.flush()
    assert certificate.state is State.EXPIRED
    assert types_told(session)[-2:] == ["certificate.certificate_expired", "public.certificate_expired"]
    assert expire_due_certificates(session, clock.today()) == 0


def test_a_suspended_certificate_expires_too(
    session: Session, candidate: Candidate, on_day: Callable[[date], None]
) -> None:
    certificate = issued(session, candidate)
    suspend_certificate(session, CHAIR, certificate.id, suspension())
    session.flush()
    on_day(certificate.expires_on + timedelta(days=1))
    assert expire_due_certificates(session, clock.today()) == 1
    assert (certificate.state, certificate.suspended_until) == (State.EXPIRED, None)


def test_what_has_ended_today_cannot_be_suspended_though_no_timer_has_come_round(
    session: Session, candidate: Candidate, on_day: Callable[[date], None]
) -> None:
    certificate = issued(session, candidate)
    on_day(certificate.expires_on + timedelta(days=1))
    with pytest.raises(Conflict):
        suspend_certificate(session, CHAIR, certificate.id, suspension())
