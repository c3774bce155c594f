"""Replicas look for what is due at the same moment, on a real PostgreSQL: everything is told once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from threading import Barrier
from uuid import UUID

import pytest
from sqlalchemy import func, select

from kompeten.schema import migrate_database
from services.surveillance.models import Holding
from services.surveillance.timers import advance_reports
from shared import clock
from shared.contracts.surveillance import RecertificationInvited, SurveillanceOpened, SurveillanceOverdue
from shared.database.unit import Database
from tests.schema import find_schema_differences
from tests.unit.surveillance.facts import hear, issued, told

HOLDINGS = 150
REPLICAS = 4


@pytest.fixture
def database(postgres_database: str) -> Iterator[Database]:
    database = Database("surveillance", postgres_database)
    migrate_database(database)
    for number in range(HOLDINGS):
        hear(database, issued(certificate_id=UUID(int=1000 + number), number=f"contoh {number}"))
    yield database
    clock.set_ahead(0)
    database.close()


def on(day: date) -> None:
    noon = datetime(day.year, day.month, day.day, 5, tzinfo=UTC)
    clock.set_ahead(round((noon - clock.real_now()).total_seconds()))


def all_at_once(database: Database) -> None:
    """Every replica's timer rings in the same moment."""
    gate = Barrier(REPLICAS)

    def ring() -> None:
        gate.wait()
        advance_reports(database)

    with ThreadPoolExecutor(REPLICAS) as pool:
        for done in [pool.submit(ring) for _ in range(REPLICAS)]:
            done.result()
    advance_reports(database)


def test_the_migrated_schema_is_that_of_the_models(database: Database) -> None:
    assert find_schema_differences(database) == []


def test_replicas_that_ring_together_tell_everything_once(database: Database) -> None:
    on(date(2027, 12, 1))
    all_at_once(database)
    assert len(told(database, SurveillanceOpened)) == HOLDINGS
    assert len(told(database, SurveillanceOverdue)) == HOLDINGS
    on(date(2029, 9, 1))
    all_at_once(database)
    assert len(told(database, RecertificationInvited)) == HOLDINGS
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Holding).where(Holding.invited == 90)) == HOLDINGS
