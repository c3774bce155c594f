"""A database of surveillance's own for each test, its web application, and the day it is."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from shared import clock
from shared.database.unit import Database
from shared.objectstore import object_store
from shared.web import App
from tests.applications import lend_application
from tests.schema import create_tables


@pytest.fixture
def database() -> Iterator[Database]:
    database = Database("surveillance", "sqlite://")
    create_tables(database)
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


@pytest.fixture
def app(data_dir: Path, database: Database) -> Iterator[App]:
    object_store.cache_clear()
    yield lend_application(database)
    object_store.cache_clear()


@pytest.fixture
def client(app: App) -> FlaskClient:
    return app.test_client()
