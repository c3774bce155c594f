"""Which tokens count no longer, as each service keeps it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from shared import clock
from shared.database.base import SharedBase
from shared.database.retention import sweep_rows
from shared.database.unit import Database
from shared.security.generations import (
    GENERATIONS_KEPT,
    KEEP,
    AccountGeneration,
    keep_generation,
    read_generation,
)
from shared.settings import Settings

SOMEBODY = uuid4()


@pytest.fixture
def database() -> Iterator[Database]:
    database = Database("tiny", "sqlite://")
    SharedBase.metadata.create_all(database.engine)
    yield database
    database.close()


def keep(database: Database, *generations: int) -> None:
    for generation in generations:
        with database.unit_of_work() as session:
            keep_generation(session, SOMEBODY, generation)


def known(database: Database) -> int:
    with database.reading() as session:
        return read_generation(session, SOMEBODY)


def test_who_was_never_heard_of_has_lost_nothing(database: Database) -> None:
    assert known(database) == 0


@pytest.mark.parametrize("order", [(1, 2, 3), (3, 2, 1), (2, 3, 1), (3, 3)])
def test_the_highest_generation_counts_in_whatever_order_they_are_heard(
    database: Database, order: tuple[int, ...]
) -> None:
    keep(database, *order)
    assert known(database) == 3


def test_a_generation_is_kept_longer_than_any_token_lives_and_then_goes(database: Database) -> None:
    longest = max(limit.le for limit in Settings.model_fields["token_minutes"].metadata if hasattr(limit, "le"))
    assert timedelta(minutes=longest) < KEEP
    raised = datetime(2026, 5, 4, 9, tzinfo=UTC)
    with clock.read_from(lambda: raised):
        keep(database, 4)
    with clock.read_from(lambda: raised + KEEP - timedelta(minutes=1)):
        assert sweep_rows(database, GENERATIONS_KEPT) == 0
    with clock.read_from(lambda: raised + KEEP + timedelta(minutes=1)):
        assert sweep_rows(database, GENERATIONS_KEPT) == 1
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(AccountGeneration)) == 0
