"""A database of surveillance's own for each test, and the day it is."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from services.surveillance.models import Base
from shared import clock
from shared.database.base import SharedBase
from shared.database.unit import Database


@pytest.fixture
def database() -> Iterator[Database]:
    database = Database("surveillance", "sqlite://")
    Base.metadata.create_all(database.engine)
    SharedBase.metadata.create_all(database.engine)
    yield database
    database.close()


@pytest.fixture
def on_day() -> Iterator[Callable[[date], None]]:
    """Makes it noon of a day, for this test."""

    def move(day: date) -> None:
        noon = datetime(day.year, day.month, day.day, 12, tzinfo=clock.JAKARTA).astimezone(UTC)
        clock.set_ahead(round((noon - clock.real_now()) / timedelta(seconds=1)))

    yield move
    clock.set_ahead(0)
