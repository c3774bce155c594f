"""Corrections and reductions of scope: a new version each, and what happens to it meanwhile (R15, R16)."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from services.certificate.checking.domain import SheetStanding
from services.certificate.checking.queries import checks as checking
from services.certificate.commands.life import (
    Suspend,
    expire_due_certificates,
    reinstate_certificate,
    suspend_certificate,
    withdraw_certificate,
)
from services.certificate.commands.retrying import retry_order, retry_version
from services.certificate.commands.revising import Reduce, Reissue, abandon_version, reduce_scope, reissue_certificate
from services.certificate.domain.states import State
from services.certificate.domain.versions import Cause, VersionState
from services.certificate.making.commands.issuing import Stored, confirm_version
from services.certificate.models import Certificate, Change, Order, Version
from shared import clock
from shared.audit import AuditRow
from shared.errors import Conflict, Invalid, NotFound
from shared.messaging.models import JobRow
from tests.unit.certificate.scene import CHAIR, REASON, SCHEME, Candidate, cleared, issued, numbered, told, types_told

FEWER = SCHEME.codes[:-1]


def correction(name: str = "SITI AMINAH CONTOH") -> Reissue:
    return Reissue(reason="Nama tidak sama dengan ijazah.", holder_name=name)


def reduction(*units: str) -> Reduce:
    return Reduce(reason="Unit terakhir tidak lagi dikuasai.", units=list(units or FEWER))


def suspension() -> Suspend:
    return Suspend(reason=REASON.reason, until=clock.today() + timedelta(days=60))


def made(session: Session, version: Version) -> None:
    """As the job does it once the file is stored."""
    stored = Stored(f"certificates/{version.version}.pdf", f"{version.version:064d}", 1000)
    confirm_version(session, version, stored)
    session.flush()


def corrected(session: Session, certificate: Certificate) -> Version:
    version = reissue_certificate(session, CHAIR, certificate.id, correction())
    made(session, version)
    return version


@pytest.mark.parametrize("name", ["   ", "SITI <B>", "SITI 2", "WWW.CONTOH.TEST/X", "X" * 121, "\u200b"])
def test_a_correction_passes_the_check_of_the_first_entry(session: Session, candidate: Candidate, name: str) -> None:
    """This failure mode means a certificate for a name that no application may have."""
    certificate = issued(session, candidate)
    with pytest.raises(Invalid) as refusal:
        reissue_certificate(session, CHAIR, certificate.id, correction(name))
    assert set(refusal.value.fields) == {"holder_name"}


def test_a_correction_is_tidied_as_the_first_entry_is(session: Session, candidate: Candidate) -> None:
    certificate = issued(session, candidate)
    version = reissue_certificate(session, CHAIR, certificate.id, correction(" siti\u200b  nur\u2019aini contoh "))
    assert version.holder_name == "SITI NUR'AINI CONTOH"


def test_a_correction_is_in_force_once_it_is_made_and_not_before(session: Session, candidate: Candidate) -> None:
    certificate = issued(session, candidate)
    number, until, first = certificate.number, certificate.expires_on, certificate.current
    version = reissue_certificate(session, CHAIR, certificate.id, correction())
    session.flush()
    assert (certificate.holder_name, certificate.current_version) == ("SITI CONTOH", 1)
    assert [job.key for job in session.scalars(select(JobRow).where(JobRow.kind == "make"))] == [str(version.id)]
    made(session, version)
    assert (certificate.holder_name, certificate.current_version) == ("SITI AMINAH CONTOH", 2)
    assert (certificate.state, certificate.number, certificate.expires_on) == (State.VALID, number, until)
    assert (first.state, version.state) == (VersionState.SUPERSEDED, VersionState.CURRENT)
    assert (first.holder_name, first.printed.name) == ("SITI CONTOH", "SITI CONTOH")
    assert first.check_token != version.check_token
    assert first.status_index != version.status_index


def test_it_is_told_inside_with_the_reason_and_outside_without(session: Session, candidate: Candidate) -> None:
    certificate = issued(session, candidate)
    version = corrected(session, certificate)
    inside, outside = told(session)[-2:]
    assert inside.type == "id.kompeten.certificate.certificate_reissued.v1"
    assert (inside.data["version"], inside.data["holder_name"]) == (2, "SITI AMINAH CONTOH")
    assert inside.data["reason"] == correction().reason
    assert outside.type == "id.kompeten.public.certificate_reissued.v1"
    assert outside.data["check_url"] == inside.data["check_url"] == version.check_url
    assert "reason" not in outside.data


def test_the_old_sheet_is_checked_for_ever_and_never_as_the_present_one(session: Session, candidate: Candidate) -> None:
    certificate = issued(session, candidate)
    first = certificate.current
    second = corrected(session, certificate)
    third = reduce_scope(session, CHAIR, certificate.id, reduction())
    made(session, third)
    for old in (first, second):
        found = checking.check_by_token(session, old.check_token)
        assert (found.standing, found.holds) == (SheetStanding.SUPERSEDED, False)
    now = checking.check_by_token(session, third.check_token)
    assert (now.standing, now.holds) == (SheetStanding.REDUCED, True)
    withdraw_certificate(session, CHAIR, certificate.id, REASON)
    assert not checking.check_by_token(session, first.check_token).holds
    assert checking.check_by_token(session, third.check_token).standing is SheetStanding.WITHDRAWN


@pytest.mark.parametrize("name", ["سيتي", "\U0001f600"])
def test_a_name_that_cannot_be_printed_is_refused_at_entry(session: Session, candidate: Candidate, name: str) -> None:
    certificate = issued(session, candidate)
    with pytest.raises(Invalid) as refusal:
        reissue_certificate(session, CHAIR, certificate.id, correction(name))
    assert set(refusal.value.fields) == {"holder_name"}


def test_what_would_be_the_same_sheet_is_refused(session: Session, candidate: Candidate) -> None:
    certificate = issued(session, candidate)
    with pytest.raises(Invalid) as refusal:
        reissue_certificate(session, CHAIR, certificate.id, correction(certificate.holder_name.title()))
    assert refusal.value.code == "nothing-to-correct"


def test_a_photo_prepared_since_is_a_reason_for_a_new_sheet(session: Session, candidate: Candidate) -> None:
    certificate = issued(session, candidate)
    session.get_one(Order, certificate.application_id).photo_key = "photos/new.jpg"
    version = reissue_certificate(session, CHAIR, certificate.id, correction(certificate.holder_name))
    assert version.photo_key == "photos/new.jpg"


def test_fewer_units_on_a_sheet_of_their_own(session: Session, candidate: Candidate) -> None:
    certificate = issued(session, candidate)
    version = reduce_scope(session, CHAIR, certificate.id, reduction(*reversed(FEWER)))
    made(session, version)
    assert (certificate.state, certificate.units) == (State.REDUCED, list(FEWER))
    assert [code for code, *_ in version.printed.units] == list(FEWER)
    inside, outside = told(session)[-2:]
    assert inside.type == "id.kompeten.certificate.certificate_scope_reduced.v1"
    assert (outside.data["status"], outside.data["units"]) == ("reduced", list(FEWER))


@pytest.mark.parametrize("units", [[], ["R.91PRP99.999.9"], list(SCHEME.codes)])
def test_a_reduction_to_none_to_unknown_or_to_all_is_refused(
    session: Session, candidate: Candidate, units: list[str]
) -> None:
    certificate = issued(session, candidate)
    given = Reduce(reason=REASON.reason, units=units)
    with pytest.raises(Invalid) as refusal:
        reduce_scope(session, CHAIR, certificate.id, given)
    assert set(refusal.value.fields) == {"units"}
    assert certificate.in_the_making is None


def test_a_unit_that_was_taken_away_does_not_come_back(session: Session, candidate: Candidate) -> None:
    certificate = issued(session, candidate)
    made(session, reduce_scope(session, CHAIR, certificate.id, reduction()))
    with pytest.raises(Invalid):
        reduce_scope(session, CHAIR, certificate.id, reduction(SCHEME.codes[-1]))
    corrected(session, certificate)
    assert (certificate.state, certificate.units) == (State.REDUCED, list(FEWER))


def test_a_reduction_settles_a_suspension(session: Session, candidate: Candidate) -> None:
    certificate = issued(session, candidate)
    suspend_certificate(session, CHAIR, certificate.id, suspension())
    version = reduce_scope(session, CHAIR, certificate.id, reduction())
    assert certificate.state is State.SUSPENDED
    made(session, version)
    assert (certificate.state, certificate.suspended_until) == (State.REDUCED, None)


def test_reduced_suspended_and_reinstated_it_is_reduced(session: Session, candidate: Candidate) -> None:
    certificate = issued(session, candidate)
    made(session, reduce_scope(session, CHAIR, certificate.id, reduction()))
    suspend_certificate(session, CHAIR, certificate.id, suspension())
    reinstate_certificate(session, CHAIR, certificate.id, REASON)
    assert certificate.state is State.REDUCED


def test_a_reduction_under_way_is_not_to_end_a_suspension_that_comes_after_it(
    session: Session, candidate: Candidate
) -> None:
    certificate = issued(session, candidate)
    reduce_scope(session, CHAIR, certificate.id, reduction())
    with pytest.raises(Conflict) as refusal:
        suspend_certificate(session, CHAIR, certificate.id, suspension())
    assert refusal.value.code == "version-in-the-making"
    abandon_version(session, CHAIR, certificate.id, REASON)
    suspend_certificate(session, CHAIR, certificate.id, suspension())
    assert certificate.state is State.SUSPENDED


def test_a_correction_made_during_a_suspension_ends_it_not(session: Session, candidate: Candidate) -> None:
    certificate = issued(session, candidate)
    version = reissue_certificate(session, CHAIR, certificate.id, correction())
    suspend_certificate(session, CHAIR, certificate.id, suspension())
    since = certificate.state_since
    made(session, version)
    assert (certificate.state, certificate.state_since, certificate.current_version) == (State.SUSPENDED, since, 2)
    assert told(session)[-1].data["status"] == "suspended"


def test_withdrawn_meanwhile_the_new_version_is_given_up(session: Session, candidate: Candidate) -> None:
    certificate = issued(session, candidate)
    version = reissue_certificate(session, CHAIR, certificate.id, correction())
    session.flush()
    withdraw_certificate(session, CHAIR, certificate.id, REASON)
    session.flush()
    assert version.state is VersionState.VOIDED
    before = types_told(session)
    made(session, version)
    assert types_told(session) == before
    assert (certificate.state, certificate.current_version) == (State.WITHDRAWN, 1)
    with pytest.raises(NotFound):
        checking.check_by_token(session, version.check_token)


@pytest.mark.parametrize("timer_first", [True, False])
def test_expired_meanwhile_the_new_version_is_given_up(
    session: Session, candidate: Candidate, on_day: Callable[[date], None], timer_first: bool
) -> None:
    certificate = issued(session, candidate)
    version = reissue_certificate(session, CHAIR, certificate.id, correction())
    session.flush()
    on_day(certificate.expires_on + timedelta(days=1))
    steps: list[Callable[[], object]] = [
        lambda: expire_due_certificates(session, clock.today()),
        lambda: made(session, version),
    ]
    for step in steps if timer_first else reversed(steps):
        step()
    session.flush()
    assert (certificate.state, version.state) == (State.EXPIRED, VersionState.VOIDED)
    assert certificate.holder_name == "SITI CONTOH"


def test_one_version_at_a_time(session: Session, candidate: Candidate) -> None:
    certificate = issued(session, candidate)
    reissue_certificate(session, CHAIR, certificate.id, correction())
    with pytest.raises(Conflict):
        reissue_certificate(session, CHAIR, certificate.id, correction("LAIN CONTOH"))
    with pytest.raises(Conflict):
        reduce_scope(session, CHAIR, certificate.id, reduction())


def test_abandoned_the_present_one_stays_and_another_can_be_ordered(session: Session, candidate: Candidate) -> None:
    certificate = issued(session, candidate)
    given_up = reissue_certificate(session, CHAIR, certificate.id, correction())
    abandon_version(session, CHAIR, certificate.id, REASON)
    session.flush()
    made(session, given_up)
    assert (certificate.current_version, certificate.holder_name) == (1, "SITI CONTOH")
    with pytest.raises(Conflict):
        abandon_version(session, CHAIR, certificate.id, REASON)
    assert corrected(session, certificate).version == 3


def test_the_first_version_is_voided_with_its_number_and_not_abandoned(session: Session, candidate: Candidate) -> None:
    certificate = numbered(session, candidate)
    with pytest.raises(Conflict):
        abandon_version(session, CHAIR, certificate.id, REASON)


@pytest.mark.parametrize("end", ["withdraw", "expire"])
def test_what_has_ended_gets_no_new_version(
    session: Session, candidate: Candidate, on_day: Callable[[date], None], end: str
) -> None:
    certificate = issued(session, candidate)
    if end == "withdraw":
        withdraw_certificate(session, CHAIR, certificate.id, REASON)
    else:
        on_day(certificate.expires_on + timedelta(days=1))
    with pytest.raises(Conflict):
        reissue_certificate(session, CHAIR, certificate.id, correction())
    with pytest.raises(Conflict):
        reduce_scope(session, CHAIR, certificate.id, reduction())


def test_made_twice_it_is_told_once(session: Session, candidate: Candidate) -> None:
    certificate = issued(session, candidate)
    version = corrected(session, certificate)
    before = types_told(session)
    made(session, version)
    assert types_told(session) == before


def test_who_ordered_it_and_why_is_kept_with_what_it_was_before(session: Session, candidate: Candidate) -> None:
    certificate = issued(session, candidate)
    corrected(session, certificate)
    change = session.scalars(select(Change).where(Change.act == "reissue")).one()
    assert (change.version, change.actor_name, change.reason) == (2, CHAIR.name, correction().reason)
    ordered = session.scalars(select(AuditRow).where(AuditRow.action == "version:correction")).one()
    assert ordered.actor_id == CHAIR.id
    assert ordered.before is not None
    assert ordered.before["name"] == "SITI CONTOH"
    assert ordered.after is not None
    assert ordered.after["name"] == "SITI AMINAH CONTOH"
    assert certificate.versions[1].cause is Cause.CORRECTION


@pytest.mark.parametrize(("order", "job"), [("cleared", "issue"), ("version", "make")])
def test_what_was_given_up_on_is_tried_again_at_once(
    session: Session, candidate: Candidate, order: str, job: str
) -> None:
    if order == "cleared":
        cleared(session, candidate)
    else:
        certificate = issued(session, candidate)
        reissue_certificate(session, CHAIR, certificate.id, correction())
    session.flush()
    row = session.scalars(select(JobRow).where(JobRow.kind == job)).one()
    row.state, row.tries, row.error = "dead", 12, "RuntimeError: contoh"
    session.flush()
    if order == "cleared":
        retry_order(session, CHAIR, candidate.application_id)
    else:
        retry_version(session, CHAIR, certificate.id)
    session.refresh(row)
    assert (row.state, row.tries) == ("waiting", 0)


def test_what_waits_for_nothing_is_not_tried_again(session: Session, candidate: Candidate) -> None:
    certificate = issued(session, candidate)
    with pytest.raises(Conflict):
        retry_order(session, CHAIR, candidate.application_id)
    with pytest.raises(Conflict):
        retry_version(session, CHAIR, certificate.id)
