"""Certificates made by worker processes, and what becomes of them when a worker is killed."""

import os
import signal
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import selectinload

from services.certificate.domain.states import State
from services.certificate.jobs import jobs as certificate_jobs
from services.certificate.making import production as making
from services.certificate.models import Certificate
from shared.clock import real_now
from shared.credentials import credential_key
from shared.database.unit import Database
from shared.documents.signing import document_signer
from shared.messaging.models import JobRow, JobState
from shared.objectstore import object_store
from shared.runtime.pool import Pool
from shared.settings import settings
from tests.unit.certificate.scene import Candidate, numbered, types_told

pytestmark = pytest.mark.usefixtures("store")


@pytest.fixture
def makers(monkeypatch: pytest.MonkeyPatch) -> Iterator[Pool]:
    monkeypatch.setenv("KOMPETEN_RENDER_WORKERS", "2")
    settings.cache_clear()
    making.maker_pool.cache_clear()
    credential_key.cache_clear()
    document_signer()  # the demo authority is made by one process
    pool = making.maker_pool()
    pool.start()
    yield pool
    pool.stop()
    making.maker_pool.cache_clear()


def prepare(database: Database, count: int) -> None:
    with database.unit_of_work() as session:
        for number in range(count):
            numbered(session, Candidate(f"CALON {number} CONTOH"))


def certificates(database: Database) -> list[Certificate]:
    with database.reading() as session:
        every = select(Certificate).order_by(Certificate.serial).options(selectinload(Certificate.versions))
        return list(session.scalars(every))


def due(database: Database) -> None:
    """What waits is due now."""
    with database.unit_of_work() as session:
        waiting = update(JobRow).where(JobRow.state == JobState.WAITING)
        session.execute(waiting.values(next_try_at=real_now() - timedelta(seconds=1)))


def test_workers_make_the_same_file_as_this_process(database: Database, makers: Pool) -> None:
    prepare(database, 3)
    with database.reading() as session:
        sheets = [making.gather_sheet(one.current) for one in session.scalars(select(Certificate))]
        here = {sheet.key: making.make_signed_file(sheet).pdf for sheet in sheets}
    certificate_jobs.run_due(database)
    assert {key: object_store().get(key) for key in here} == here
    assert {one.state for one in certificates(database)} == {State.VALID}


def test_a_killed_worker_loses_nothing(database: Database, makers: Pool) -> None:
    """This failure mode means the machine ran out of memory in the middle of a batch."""
    prepare(database, 1)
    for process in makers.processes:
        os.kill(process, signal.SIGKILL)
    certificate_jobs.run_due(database)
    (waiting,) = certificates(database)
    assert waiting.state is State.NUMBERED
    with database.reading() as session:
        assert "certificate.certificate_issued" not in types_told(session)
        assert "WorkerLost" in (session.scalars(select(JobRow.error)).one() or "")
    due(database)
    certificate_jobs.run_due(database)
    due(database)
    certificate_jobs.run_due(database)
    (issued,) = certificates(database)
    assert issued.state is State.VALID
    assert issued.number == waiting.number


def test_of_a_batch_only_what_was_in_hand_is_made_again(database: Database, makers: Pool) -> None:
    prepare(database, 6)
    os.kill(makers.processes[0], signal.SIGKILL)
    for _ in range(3):
        certificate_jobs.run_due(database)
        due(database)
    issued = certificates(database)
    assert {one.state for one in issued} == {State.VALID}
    assert [one.serial for one in issued] == list(range(issued[0].serial, issued[0].serial + 6))
