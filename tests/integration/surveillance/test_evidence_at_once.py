"""Evidence uploaded at the same moment is counted whole, on a real PostgreSQL."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from services.surveillance.commands import reporting
from services.surveillance.domain.workflow import State
from services.surveillance.models import Document, Surveillance
from shared.database.base import SharedBase
from shared.database.unit import Database
from shared.errors import Conflict
from shared.security.actor import Actor
from tests.read_files import read_file_of
from tests.unit.surveillance.facts import hear, issued

UPLOADS = 6
MOST = 3


@pytest.fixture
def database(postgres_database: str) -> Iterator[Database]:
    database = Database("surveillance", postgres_database)
    for metadata in (SharedBase.metadata, Surveillance.metadata):
        metadata.create_all(database.engine)
    hear(database, issued())
    yield database
    database.close()


def test_no_more_is_attached_than_a_report_may_have(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reporting, "DOCUMENTS", MOST)
    with database.unit_of_work() as session:
        report = session.scalars(select(Surveillance).order_by(Surveillance.year)).first()
        assert report is not None
        report.state = State.OPEN
        report_id, holder = report.id, Actor(report.holding.holder_id, "Siti (contoh)", "siti@contoh.test", frozenset())
    together = Barrier(UPLOADS, timeout=20)

    def attach(document: UUID) -> bool:
        uploaded = reporting.Uploaded(document, read_file_of("bukti.pdf", "application/pdf"), str(document))
        together.wait()
        try:
            with database.unit_of_work() as session:
                reporting.attach_evidence(session, holder, report_id, uploaded)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(UPLOADS) as pool:
        assert list(pool.map(attach, [uuid4() for _ in range(UPLOADS)])).count(True) == MOST
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Document)) == MOST
