"""A migrated database of decision's own for each test, a body with its officers, and the day it is."""

import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from services.decision.service import application
from shared import clock
from shared.database.migrations import migrate
from shared.database.unit import Database
from shared.objectstore import object_store
from tests.unit.decision.scene import Scene


@pytest.fixture(scope="session")
def _migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("decision") / "migrated.sqlite3"
    database = Database("decision", f"sqlite:///{file}")
    migrate(database)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return file


@pytest.fixture
def database(_migrated: Path, data_dir: Path) -> Iterator[Database]:
    file = data_dir / "decision.sqlite3"
    shutil.copy(_migrated, file)
    database = Database("decision", f"sqlite:///{file}")
    yield database
    database.close()


@pytest.fixture
def body(database: Database) -> Scene:
    """The people are known, nobody is appointed."""
    return Scene(database)


@pytest.fixture
def scene(body: Scene) -> Scene:
    """The officers are appointed."""
    body.appoint()
    return body


@pytest.fixture
def later() -> Iterator[Callable[[timedelta], None]]:
    """Moves the body's time ahead, for this test."""

    def move(by: timedelta) -> None:
        clock.set_ahead(clock.ahead() + round(by.total_seconds()))

    yield move
    clock.set_ahead(0)


@pytest.fixture
def client(data_dir: Path, database: Database) -> Iterator[FlaskClient]:
    object_store.cache_clear()
    yield application(database).test_client()
    object_store.cache_clear()
