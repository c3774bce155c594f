"""Certificate's database in memory, and the day it is."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from shared import clock
from shared.credentials import credential_key
from shared.database.unit import Database
from shared.documents.signing import document_signer
from shared.objectstore import object_store
from tests.applications import lend_application
from tests.schema import create_tables
from tests.unit.certificate.scene import Candidate
from tests.unit.certificate.trust.keys import Keys, restart


@pytest.fixture
def database(data_dir: Path) -> Iterator[Database]:
    database = Database("certificate", "sqlite://")
    create_tables(database)
    yield database
    database.close()


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """A unit of work that is rolled back at the end."""
    with Session(database.engine, expire_on_commit=False) as session:
        yield session


@pytest.fixture
def candidate() -> Candidate:
    return Candidate()


@pytest.fixture
def on_day() -> Iterator[Callable[[date], None]]:
    """Makes it noon of a day, for this test."""

    def move(day: date) -> None:
        noon = datetime(day.year, day.month, day.day, 12, tzinfo=clock.JAKARTA).astimezone(UTC)
        clock.set_ahead(round((noon - clock.real_now()) / timedelta(seconds=1)))

    yield move
    clock.set_ahead(0)


@pytest.fixture
def store(data_dir: Path) -> Iterator[Path]:
    """The folder of an object store of this test's own, and keys beside it."""
    remembered = (object_store, document_signer, credential_key)
    for one in remembered:
        one.cache_clear()
    yield data_dir / "objects"
    for one in remembered:
        one.cache_clear()


@pytest.fixture
def client(database: Database, store: Path) -> FlaskClient:
    return lend_application(database).test_client()


@pytest.fixture
def keys(tmp_path: Path, store: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Keys]:
    """The operator's keys, valid for a month, and a store."""
    folder = tmp_path / "operator"
    folder.mkdir()
    keys = Keys(folder)
    for name, value in keys.environment.items():
        monkeypatch.setenv(name, value)
    keys.install()
    yield keys
    restart()
