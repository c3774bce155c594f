"""Acts on many certificates: the dry run says what will happen, the run does that and no more."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from services.certificate.bulk import jobs as batch_work
from services.certificate.bulk.commands import batches as bulk
from services.certificate.bulk.commands import foreseeing
from services.certificate.bulk.domain import BatchKind, BatchState, ItemState, Plan
from services.certificate.bulk.lists import ListedLine
from services.certificate.bulk.models import Batch, BatchItem
from services.certificate.commands import life, ordering
from services.certificate.commands.life import Suspend, suspend_certificate, withdraw_certificate
from services.certificate.domain.requirements import REQUIREMENT_NAMES, Requirement
from services.certificate.domain.states import OrderState, State
from services.certificate.jobs import jobs
from services.certificate.making.commands.numbering import number_certificate
from services.certificate.models import Certificate, Change, Order
from shared import clock
from shared.audit import AuditRow
from shared.database.unit import Database
from shared.errors import Conflict, Invalid, NotFound
from shared.messaging.models import JobRow, JobState
from tests.unit.certificate.scene import CHAIR, REASON, Candidate, cleared, hear, issued, types_told
from tests.unit.certificate.web import committed

UNTIL = clock.today() + timedelta(days=60)


def held(database: Database, count: int) -> list[Certificate]:
    with database.unit_of_work() as session:
        return [issued(session, Candidate(f"CALON {number} CONTOH")) for number in range(count)]


def lines(*numbers: str) -> list[ListedLine]:
    return [ListedLine(at, number) for at, number in enumerate(numbers, start=1)]


def prepare(database: Database, kind: BatchKind, listed: Sequence[ListedLine], reason: str = REASON.reason) -> UUID:
    terms = bulk.ListTerms(kind=kind, reason=reason, until=UNTIL if kind is BatchKind.SUSPEND else None)
    batch: Batch = committed(database, lambda session: bulk.prepare_list_batch(session, CHAIR, terms, list(listed)))
    return batch.id


def start(database: Database, batch_id: UUID) -> None:
    committed(database, lambda session: bulk.start_batch(session, CHAIR, batch_id))


def run(database: Database, batch_id: UUID) -> None:
    start(database, batch_id)
    while jobs._run_kind(database, bulk.BULK, jobs.kinds[bulk.BULK]):
        pass


def items(database: Database, batch_id: UUID) -> list[BatchItem]:
    with database.reading() as session:
        found = select(BatchItem).where(BatchItem.batch_id == batch_id).order_by(BatchItem.line)
        return list(session.scalars(found))


def outcomes(database: Database, batch_id: UUID) -> list[str]:
    return [item.state.value for item in items(database, batch_id)]


def states(database: Database) -> list[State]:
    with database.reading() as session:
        return list(session.scalars(select(Certificate.state).order_by(Certificate.serial)))


def batch_state(database: Database, batch_id: UUID) -> BatchState:
    with database.reading() as session:
        return session.get_one(Batch, batch_id).state


def test_a_dry_run_changes_nothing_and_says_what_stands_against_each_line(database: Database) -> None:
    first, second, third = held(database, 3)
    committed(database, lambda session: withdraw_certificate(session, CHAIR, third.id, REASON))
    listed = [
        ListedLine(1, first.number),
        ListedLine(2, "91011 2622 5 999999 2026"),
        ListedLine(3, first.number.replace(" ", "")),
        ListedLine(4, third.number),
        ListedLine(5, second.number, until="31/02/2027"),
        ListedLine(6, "", until="2030-01-01"),
        ListedLine(7, second.number, reason="pendek"),
    ]
    told = types_of(database)
    batch_id = prepare(database, BatchKind.SUSPEND, listed)
    problems = [item.problems for item in items(database, batch_id)]
    assert problems[0] == []
    assert problems[1] == [foreseeing.UNKNOWN]
    assert problems[2] == [foreseeing.DUPLICATE]
    assert "ditangguhkan" in problems[3][0]
    assert problems[4] == [foreseeing.WRONG_DATE]
    assert problems[5] == [foreseeing.NO_NUMBER]
    assert problems[6] == [foreseeing.DUPLICATE, foreseeing.NO_REASON]
    assert outcomes(database, batch_id) == ["planned"] + ["left_out"] * 6
    assert states(database) == [State.VALID, State.VALID, State.WITHDRAWN]
    assert types_of(database) == told


def types_of(database: Database) -> list[str]:
    with database.reading() as session:
        return types_told(session)


@pytest.mark.parametrize("days", [0, 5000])
def test_a_limit_that_no_suspension_may_have_is_seen_in_the_dry_run(database: Database, days: int) -> None:
    (certificate,) = held(database, 1)
    until = (clock.today() + timedelta(days=days)).isoformat()
    batch_id = prepare(database, BatchKind.SUSPEND, [ListedLine(1, certificate.number, until=until)])
    assert outcomes(database, batch_id) == ["left_out"]


def test_suspended_reinstated_and_withdrawn_by_list_each_with_reason_audit_and_notice(database: Database) -> None:
    certificates = held(database, 3)
    numbers = [certificate.number for certificate in certificates]
    run(database, prepare(database, BatchKind.SUSPEND, lines(*numbers)))
    assert states(database) == [State.SUSPENDED] * 3
    run(database, prepare(database, BatchKind.REINSTATE, lines(*numbers[:2])))
    assert states(database) == [State.VALID, State.VALID, State.SUSPENDED]
    finished = prepare(database, BatchKind.WITHDRAW, [ListedLine(9, numbers[1], "Alasan tersendiri (contoh).")])
    run(database, finished)
    assert states(database) == [State.VALID, State.WITHDRAWN, State.SUSPENDED]
    assert batch_state(database, finished) is BatchState.FINISHED
    with database.reading() as session:
        change = session.scalars(select(Change).where(Change.act == "withdraw")).one()
        assert (change.reason, change.actor_name) == ("Alasan tersendiri (contoh).", CHAIR.name)
        acts = session.scalars(select(AuditRow.action).where(AuditRow.subject == f"batch/{finished}")).all()
        assert acts == ["batch:prepare", "batch:start", "batch:finish"]
        audited = session.scalars(select(AuditRow).where(AuditRow.action == "certificate:withdraw")).one()
        assert (audited.actor_id, audited.actor_roles) == (CHAIR.id, "chair")
    assert types_of(database)[-2:] == ["certificate.certificate_withdrawn", "public.certificate_withdrawn"]


def test_what_was_left_out_is_never_done(database: Database) -> None:
    (certificate,) = held(database, 1)
    batch_id = prepare(database, BatchKind.REINSTATE, lines(certificate.number))
    with pytest.raises(Conflict, match="Tidak ada baris"):
        start(database, batch_id)


def test_what_changed_since_the_dry_run_is_judged_again_and_told(database: Database) -> None:
    withdrawn, suspended, same = held(database, 3)
    numbers = [certificate.number for certificate in (withdrawn, suspended, same)]
    batch_id = prepare(database, BatchKind.WITHDRAW, lines(*numbers))
    committed(database, lambda session: withdraw_certificate(session, CHAIR, withdrawn.id, REASON))
    limit = Suspend(reason=REASON.reason, until=UNTIL)
    committed(database, lambda session: suspend_certificate(session, CHAIR, suspended.id, limit))
    run(database, batch_id)
    assert outcomes(database, batch_id) == ["refused", "done", "done"]
    remarks = [item.remarks for item in items(database, batch_id)]
    assert (remarks[0][0], len(remarks[0])) == (bulk.CHANGED, 2)
    assert (remarks[1], remarks[2]) == ([bulk.CHANGED], [])


def test_done_twice_it_is_done_once(database: Database) -> None:
    """This failure mode means a job whose lease ran out while it was still being done."""
    certificates = held(database, 4)
    batch_id = prepare(database, BatchKind.SUSPEND, lines(*(certificate.number for certificate in certificates)))
    start(database, batch_id)
    payload = {"batch_id": str(batch_id), "run": 1, "chunk": 0}
    for _ in range(2):
        batch_work.do_batch_lines(database, payload)
    assert types_of(database).count("certificate.certificate_suspended") == 4
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Change).where(Change.act == "suspend")) == 4


def test_stopped_nothing_more_is_begun_and_started_again_the_rest_is_done(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch_work, "CHUNK", 2)
    certificates = held(database, 5)
    batch_id = prepare(database, BatchKind.SUSPEND, lines(*(certificate.number for certificate in certificates)))
    start(database, batch_id)
    jobs._run_kind(database, bulk.BULK, jobs.kinds[bulk.BULK])
    committed(database, lambda session: bulk.stop_batch(session, CHAIR, batch_id))
    while jobs._run_kind(database, bulk.BULK, jobs.kinds[bulk.BULK]):
        pass
    assert outcomes(database, batch_id) == ["done"] * 2 + ["planned"] * 3
    run(database, batch_id)
    assert outcomes(database, batch_id) == ["done"] * 5
    assert batch_state(database, batch_id) is BatchState.FINISHED
    with pytest.raises(Conflict):
        start(database, batch_id)
    with pytest.raises(Conflict):
        committed(database, lambda session: bulk.stop_batch(session, CHAIR, batch_id))


def test_the_work_of_an_earlier_run_ends_when_there_is_a_newer_one(database: Database) -> None:
    (certificate,) = held(database, 1)
    batch_id = prepare(database, BatchKind.SUSPEND, lines(certificate.number))
    start(database, batch_id)
    committed(database, lambda session: bulk.stop_batch(session, CHAIR, batch_id))
    start(database, batch_id)
    batch_work.do_batch_lines(database, {"batch_id": str(batch_id), "run": 1, "chunk": 0})
    assert outcomes(database, batch_id) == ["planned"]


def test_a_line_that_breaks_holds_up_none_of_the_others(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = held(database, 2)
    batch_id = prepare(database, BatchKind.WITHDRAW, lines(first.number, second.number))
    withdraw = life.withdraw_certificate

    def broken(session: object, actor: object, certificate_id: UUID, given: object) -> object:
        if certificate_id == first.id:
            raise RuntimeError("contoh")
        return withdraw(session, actor, certificate_id, given)  # type: ignore[arg-type]

    monkeypatch.setattr(life, "withdraw_certificate", broken)
    run(database, batch_id)
    assert outcomes(database, batch_id) == ["failed", "done"]
    assert items(database, batch_id)[0].remarks == ["RuntimeError"]
    assert batch_state(database, batch_id) is BatchState.FINISHED


def test_issuing_goes_by_a_meeting_and_not_by_a_list(database: Database) -> None:
    terms = bulk.ListTerms(kind=BatchKind.ISSUE)
    with pytest.raises(Invalid):
        committed(database, lambda session: bulk.prepare_list_batch(session, CHAIR, terms, lines("x")))
    with pytest.raises(NotFound):
        committed(database, lambda session: bulk.prepare_meeting_batch(session, CHAIR, uuid4()))


class Meeting:
    """Four that one meeting found competent: one is ready, one was issued, one has not signed, one form is missing."""

    def __init__(self, database: Database) -> None:
        self.id = uuid4()
        self.ready, self.issued, self.unsigned, self.formless = (Candidate(f"CALON {n} CONTOH") for n in "ABCD")
        with database.unit_of_work() as session:
            for candidate in (self.ready, self.issued):
                hear(session, candidate.submitted(), candidate.photographed(), candidate.decided(meeting_id=self.id))
                candidate.sign(session)
                session.flush()
            number_certificate(session, session.get_one(Order, self.issued.application_id))
            hear(session, self.unsigned.submitted(), self.unsigned.photographed())
            hear(session, self.unsigned.decided(meeting_id=self.id))
            hear(session, self.formless.decided(meeting_id=self.id), self.formless.photographed())
            self.formless.sign(session)

    def prepare(self, database: Database) -> UUID:
        batch: Batch = committed(database, lambda session: bulk.prepare_meeting_batch(session, CHAIR, self.id))
        return batch.id


def test_who_is_ready_and_who_misses_what(database: Database) -> None:
    meeting = Meeting(database)
    found = items(database, meeting.prepare(database))
    assert [item.plan for item in found] == [Plan.ISSUE, Plan.NOTHING, Plan.REMIND, Plan.NOTHING]
    assert found[1].problems == [foreseeing.FULFILLED]
    assert found[2].problems == [REQUIREMENT_NAMES[Requirement.AGREEMENT_SIGNED]]
    assert found[3].problems == [REQUIREMENT_NAMES[Requirement.FORMS_SIGNED]]


def test_started_the_ready_are_tried_at_once_and_who_has_not_signed_is_reminded_once_a_day(
    database: Database,
) -> None:
    meeting = Meeting(database)
    key = str(meeting.ready.application_id)
    with database.unit_of_work() as session:
        job = session.scalars(select(JobRow).where(JobRow.key == key)).one()
        job.state, job.tries, job.error = JobState.DEAD, 12, "SigningKeyUnfit: contoh"
    for _ in range(2):
        run(database, meeting.prepare(database))
    with database.reading() as session:
        job = session.scalars(select(JobRow).where(JobRow.key == key)).one()
        assert (job.state, job.tries) == (JobState.WAITING, 0)
        told = types_told(session)
    assert told.count("certificate.agreement_requested") == 4 + 1  # each when decided, one reminded
    assert outcomes(database, meeting.prepare(database)) == ["planned", "left_out", "left_out", "left_out"]


def test_who_signed_since_the_dry_run_is_issued_and_not_reminded(database: Database) -> None:
    meeting = Meeting(database)
    batch_id = meeting.prepare(database)
    committed(database, meeting.unsigned.sign)
    told = types_of(database).count("certificate.agreement_requested")
    run(database, batch_id)
    item = items(database, batch_id)[2]
    assert (item.plan, item.state, item.remarks) == (Plan.ISSUE, ItemState.DONE, [bulk.CHANGED])
    assert types_of(database).count("certificate.agreement_requested") == told


def test_who_was_issued_since_the_dry_run_gets_nothing_twice(database: Database) -> None:
    meeting = Meeting(database)
    batch_id = meeting.prepare(database)
    with database.unit_of_work() as session:
        number_certificate(session, session.get_one(Order, meeting.ready.application_id))
    run(database, batch_id)
    assert items(database, batch_id)[0].remarks == [bulk.CHANGED, bulk.NOTHING_LEFT]
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Certificate)) == 2


def test_a_cleared_order_whose_job_is_gone_is_asked_for_anew(database: Database, candidate: Candidate) -> None:
    with database.unit_of_work() as session:
        order = cleared(session, candidate)
        session.delete(session.scalars(select(JobRow)).one())
        session.flush()
        ordering.hurry_order(session, order)
        ordering.hurry_order(session, order)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(JobRow)) == 1
        assert session.get_one(Order, candidate.application_id).state is OrderState.CLEARED
