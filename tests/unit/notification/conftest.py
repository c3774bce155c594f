"""A database of notification's own for each test, its application, and a folder its mails go to."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from shared.database.unit import Database
from shared.mail import system_mailer
from shared.settings import settings
from tests.applications import lend_application
from tests.schema import create_tables


@pytest.fixture
def database(data_dir: Path) -> Iterator[Database]:
    system_mailer.cache_clear()
    database = Database("notification", "sqlite://")
    create_tables(database)
    yield database
    database.close()
    system_mailer.cache_clear()


@pytest.fixture
def trial(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A trial system: texts may be read on pages."""
    monkeypatch.setenv("KOMPETEN_TRIAL", "true")
    settings.cache_clear()


@pytest.fixture
def client(database: Database) -> FlaskClient:
    return lend_application(database).test_client()
