"""Certificate's jobs killed with SIGKILL in the middle: what was done stays done once, the rest is done by the next."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import func, select

from kompeten.schema import migrate_database
from services.certificate.bulk.commands import batches as bulk
from services.certificate.bulk.domain import BatchKind, BatchState, ItemState
from services.certificate.bulk.lists import ListedLine
from services.certificate.bulk.models import Batch, BatchItem
from services.certificate.commands.revising import Reissue, reissue_certificate
from services.certificate.domain.versions import VersionState
from services.certificate.models import Certificate, Change, Version
from shared import clock
from shared.database.unit import Database
from shared.objectstore import object_store
from shared.security.keys import create_keys
from shared.settings import settings
from tests.servers.fixtures import FreshDatabase
from tests.unit.certificate.scene import CHAIR, REASON, Candidate, issued, types_told

LINES = 120
Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def url(postgres_url: FreshDatabase) -> str:
    return postgres_url()


@pytest.fixture
def database(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    monkeypatch.setenv("KOMPETEN_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("KOMPETEN_JOB_LEASE_SECONDS", "2")
    settings.cache_clear()
    object_store.cache_clear()
    create_keys(tmp_path / "keys")
    database = Database("certificate", url)
    migrate_database(database)
    yield database
    database.close()
    settings.cache_clear()
    object_store.cache_clear()


@pytest.fixture
def start(url: str, database: Database) -> Iterator[Start]:
    """Start the job runner; what is left of it is ended with the test."""
    started: list[subprocess.Popen[str]] = []

    def run(*point: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-W", "ignore", "-m", "tests.chaos.jobs_process", url, *point]
        started.append(subprocess.Popen(command, env=dict(os.environ), stdout=subprocess.PIPE, text=True))
        return started[-1]

    yield run
    for process in started:
        process.kill()
        process.wait(10)
        assert process.stdout is not None
        process.stdout.close()


def until(came: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not came():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.1)


def prepared(database: Database) -> UUID:
    """A batch that suspends `LINES` certificates, started."""
    with database.unit_of_work() as session:
        numbers = [issued(session, Candidate(f"CALON {n} CONTOH")).number for n in range(LINES)]
    terms = bulk.ListTerms(kind=BatchKind.SUSPEND, reason=REASON.reason, until=clock.today() + timedelta(days=30))
    with database.unit_of_work() as session:
        lines = [ListedLine(at, number) for at, number in enumerate(numbers, start=1)]
        batch = bulk.prepare_list_batch(session, CHAIR, terms, lines).id
    with database.unit_of_work() as session:
        bulk.start_batch(session, CHAIR, batch)
    return batch


def done(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).where(BatchItem.state == ItemState.DONE)) or 0


def finished(database: Database, batch: UUID) -> bool:
    with database.reading() as session:
        return session.get_one(Batch, batch).state is BatchState.FINISHED


@pytest.mark.parametrize(
    ("point", "count", "left"), [("in-line", "30", 29), ("after-line", "30", 30), ("before-next", "2", 100)]
)
def test_a_batch_killed_anywhere_is_gone_on_with_and_no_line_is_done_twice(
    database: Database, start: Start, point: str, count: str, left: int
) -> None:
    batch = prepared(database)
    assert start(point, count).wait(60) == -9
    assert done(database) == left
    start()
    until(lambda: finished(database, batch))
    with database.reading() as session:
        assert set(session.scalars(select(BatchItem.state))) == {ItemState.DONE}
        assert session.scalar(select(func.count()).where(Change.act == "suspend")) == LINES
        assert types_told(session).count("public.certificate_suspended") == LINES


def test_a_correction_killed_between_store_and_register_is_finished_by_the_next(
    database: Database, start: Start
) -> None:
    with database.unit_of_work() as session:
        one = issued(session, Candidate()).id
    with database.unit_of_work() as session:
        given = Reissue(reason=REASON.reason, holder_name="SITI AMINAH CONTOH")
        version = reissue_certificate(session, CHAIR, one, given).id
    assert start("stored").wait(60) == -9
    with database.reading() as session:
        assert session.get_one(Version, version).state is VersionState.MAKING
        assert "certificate.certificate_reissued" not in types_told(session)
    start()
    until(lambda: current(database, one) == 2)
    with database.reading() as session:
        row = session.get_one(Version, version)
        assert object_store().get(row.object_key)[:5] == b"%PDF-"
        assert types_told(session).count("certificate.certificate_reissued") == 1


def current(database: Database, certificate_id: UUID) -> int:
    with database.reading() as session:
        return session.get_one(Certificate, certificate_id).current_version
