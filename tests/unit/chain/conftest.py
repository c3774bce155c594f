"""A database of certificate's, on SQLite and PostgreSQL, with a log; and what a database's owner does to it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kompeten.schema import migrate_database
from shared.database.unit import Database
from tests.servers.fixtures import FreshDatabase


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[str], str]:
    """The address of a new database under a name."""
    if request.param == "sqlite":
        return lambda name: f"sqlite:///{tmp_path}/{name}.sqlite3"
    fresh: FreshDatabase = request.getfixturevalue("postgres_url")
    return lambda _name: fresh()


@pytest.fixture
def database(url: Callable[[str], str]) -> Iterator[Database]:
    database = Database("certificate", url("certificate"))
    migrate_database(database)
    yield database
    database.close()


@pytest.fixture
def keeper(url: Callable[[str], str]) -> Iterator[Database]:
    """Surveillance, which keeps copies."""
    database = Database("surveillance", url("surveillance"))
    migrate_database(database)
    yield database
    database.close()
