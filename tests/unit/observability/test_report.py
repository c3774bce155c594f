"""A service's report and what is wrong by it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import update

from shared.audit import AuditRow, record_act
from shared.clock import real_now
from shared.database.unit import Database
from shared.messaging.models import PUBLIC_EXCHANGE, InboxRow, InboxState, JobRow, JobState, OutboxRow
from shared.observability.advice import ADVICE, explain_ailment
from shared.observability.ailments import Ailment, Code, find_ailments
from shared.observability.metrics import render_metrics
from shared.observability.report import read_status
from shared.observability.status import KeyEnd, PartStatus, ServiceStatus, TimerStatus
from shared.security.actor import SYSTEM
from shared.settings import Settings
from tests.unit.messaging.ledger import create_tables

OLD = timedelta(hours=3)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database("ledger", f"sqlite:///{tmp_path}/ledger.sqlite3")
    create_tables(database)
    yield database
    database.close()


def fill(database: Database) -> None:
    """One of everything that can lie about, three hours old, and one of each that is done."""
    at = real_now() - OLD
    event = {"type": "id.kompeten.ledger.noted.v1", "subject": "note/1", "envelope": "{}"}
    with database.unit_of_work() as session:
        session.add(OutboxRow(id=uuid4(), sequence=1, created_at=at, **event))
        session.add(OutboxRow(id=uuid4(), sequence=2, created_at=at, published_at=at, **event))
        for state in InboxState:
            session.add(InboxRow(consumer="ledger", event_id=uuid4(), state=state, received_at=at, **event))
        for work in JobState:
            session.add(JobRow(kind="send", key=work, payload={}, state=work, created_at=at))


def codes(status: ServiceStatus) -> set[str]:
    return {ailment.code for ailment in find_ailments(status, Settings(), real_now())}


def test_an_empty_service_is_well(database: Database) -> None:
    status = read_status(database)
    assert status.backlog is not None
    assert status.backlog.dead == 0
    assert codes(status) == set()


def test_what_waits_and_what_is_dead_is_counted_with_its_age_and_what_is_done_is_not(database: Database) -> None:
    fill(database)
    backlog = read_status(database).backlog
    assert backlog is not None
    assert [(row.exchange == PUBLIC_EXCHANGE, row.waiting) for row in backlog.outbox] == [(False, 1), (True, 0)]
    assert round(backlog.outbox[0].oldest_seconds / 3600) == 3
    assert (backlog.inbox_waiting, backlog.inbox_dead, backlog.dead) == (1, 1, 2)
    assert [(job.kind, job.waiting, job.dead) for job in backlog.jobs] == [("send", 1, 1)]


def test_a_log_that_is_not_chained_any_more_is_wrong(database: Database) -> None:
    """This failure mode means that nothing would show what is altered in the meantime."""
    with database.unit_of_work() as session:
        record_act(session, SYSTEM, "contoh:act", "contoh/1")
    assert codes(read_status(database)) == set()
    with database.unit_of_work() as session:
        session.execute(update(AuditRow).values(at=real_now() - OLD))
    status = read_status(database)
    assert status.log is not None
    assert (status.log.unchained, round(status.log.oldest_seconds / 3600)) == (1, 3)
    assert codes(status) == {Code.LOG}
    assert b"kompeten_log_unchained_seconds" in render_metrics(status)


def test_what_waits_too_long_is_wrong(database: Database) -> None:
    fill(database)
    assert codes(read_status(database)) == {Code.OUTBOX, Code.INBOX, Code.DEAD, Code.JOBS}


def test_a_report_comes_when_the_database_is_away_and_says_why(tmp_path: Path) -> None:
    database = Database("ledger", f"sqlite:///{tmp_path}/nowhere/ledger.sqlite3")
    status = read_status(database)
    assert status.backlog is None
    assert codes(status) == {Code.DATABASE}
    assert "lost" in status.parts[0].error


def test_parts_timers_loop_keys_and_files_are_judged(database: Database) -> None:
    soon = KeyEnd(name="signing CN=contoh", ends_at=real_now() + timedelta(days=20))
    late = KeyEnd(name="other", ends_at=real_now() + timedelta(days=200))
    status = read_status(database, lambda: [soon, late], lambda _: 2).model_copy(
        update={
            "loop_late_seconds": 9.0,
            "pool_in_use": 10,
            "pool_size": 10,
            "timers": [TimerStatus(name="expire", period_seconds=30, late_seconds=900)],
            "parts": [PartStatus(name=name, well=False, error="x") for name in ("database", "broker", "store", "mail")],
        }
    )
    expected = {Code.LOOP, Code.POOL, Code.TIMER, Code.KEY, Code.FILES}
    expected |= {Code.DATABASE, Code.BROKER, Code.STORE, Code.MAIL}
    found = find_ailments(status, Settings(), real_now())
    assert {ailment.code for ailment in found} == expected
    assert [ailment.figures["name"] for ailment in found if ailment.code is Code.KEY] == ["signing CN=contoh"]


def test_the_same_figures_stand_in_the_metrics(database: Database) -> None:
    fill(database)
    text = render_metrics(read_status(database)).decode()
    for line in (
        'kompeten_outbox_waiting{exchange="kompeten.events",service="ledger"} 1.0',
        'kompeten_inbox_dead{service="ledger"} 1.0',
        'kompeten_jobs_waiting{kind="send",service="ledger"} 1.0',
        'kompeten_part_well{part="database",service="ledger"} 1.0',
    ):
        assert line in text
    assert "process_resident_memory_bytes" in text


@pytest.mark.parametrize("code", Code)
@pytest.mark.parametrize("language", ["id", "en"])
def test_every_ailment_says_what_to_do(code: Code, language: str) -> None:
    names = ("error", "minutes", "count", "kind", "timer", "seconds", "size", "name", "day", "hours", "last", "groups")
    figures: dict[str, str | int] = dict.fromkeys(names, "contoh")
    what, do = explain_ailment(Ailment("decision", code, figures=figures), language)
    assert len(what) > 10
    assert len(do) > 10
    assert set(ADVICE) == set(Code)
