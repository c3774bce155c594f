"""The tiny service on PostgreSQL, through either driver, with limits short enough to wait for."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from shared.database.base import SharedBase
from shared.database.unit import Database
from shared.security import keys
from shared.settings import settings
from tests.unit.web.tiny import Base

DRIVERS = ("psycopg2", "psycopg")
LIMITS = {
    "POOL": "4",
    "RESERVED": "2",
    "WAIT_SECONDS": "0.3",
    "STATEMENT_SECONDS": "1",
    "LOCK_SECONDS": "0.5",
    "IDLE_SECONDS": "1",
}
Open = Callable[[str, str], Database]


@pytest.fixture(autouse=True)
def _short_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("KOMPETEN_DATA_DIR", str(tmp_path))
    for name, value in LIMITS.items():
        monkeypatch.setenv(f"KOMPETEN_DATABASE_{name}", value)
    settings.cache_clear()
    keys.create_keys(tmp_path / "keys")
    yield
    settings.cache_clear()


@pytest.fixture
def opened() -> Iterator[Open]:
    """Call it with an address and a driver for a database with the tiny service's table."""
    databases: list[Database] = []

    def open_database(url: str, driver: str) -> Database:
        database = Database("tiny", url.replace("+psycopg2", f"+{driver}"))
        databases.append(database)
        Base.metadata.create_all(database.engine)
        SharedBase.metadata.create_all(database.engine)
        return database

    yield open_database
    for database in databases:
        database.close()
