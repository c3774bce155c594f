"""A migrated database of decision's own for each test, a body with its officers, and the day it is."""

import sqlite3
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from kompeten.schema import migrate_database
from shared import clock
from shared.database.unit import Database
from shared.objectstore import object_store
from tests.applications import lend_application
from tests.unit.decision.scene import Scene


@pytest.fixture(scope="session")
def _migrated() -> Iterator[sqlite3.Connection]:
    """The schema as the migrations make it, once; each test works on a copy in memory."""
    database = Database("decision", "sqlite://")
    migrate_database(database)
    made = sqlite3.connect(":memory:")
    _raw(database).backup(made)
    database.close()
    yield made
    made.close()


@pytest.fixture
def database(_migrated: sqlite3.Connection, data_dir: Path) -> Iterator[Database]:
    database = Database("decision", "sqlite://")
    _migrated.backup(_raw(database))
    yield database
    database.close()


def _raw(database: Database) -> sqlite3.Connection:
    connection = database.engine.raw_connection().driver_connection
    assert isinstance(connection, sqlite3.Connection)
    return connection


@pytest.fixture(scope="session")
def _staffed(_migrated: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """The same with the officers appointed."""
    database = Database("decision", "sqlite://")
    _migrated.backup(_raw(database))
    Scene(database).appoint()
    made = sqlite3.connect(":memory:")
    _raw(database).backup(made)
    database.close()
    yield made
    made.close()


@pytest.fixture
def body(database: Database) -> Scene:
    """The people are known, nobody is appointed."""
    return Scene(database)


@pytest.fixture
def scene(database: Database, _staffed: sqlite3.Connection) -> Scene:
    """The officers are appointed."""
    _staffed.backup(_raw(database))
    return Scene(database, known=True)


@pytest.fixture
def later() -> Iterator[Callable[[timedelta], None]]:
    """Moves the body's time ahead, for this test."""

    def move(by: timedelta) -> None:
        clock.set_ahead(clock.seconds_ahead() + round(by.total_seconds()))

    yield move
    clock.set_ahead(0)


@pytest.fixture
def client(data_dir: Path, database: Database) -> Iterator[FlaskClient]:
    object_store.cache_clear()
    yield lend_application(database).test_client()
    object_store.cache_clear()
