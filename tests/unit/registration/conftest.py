"""Registration with its database in memory, and browsers to ask it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from shared.database.unit import Database
from shared.security.roles import Role
from shared.settings import settings
from shared.web import App
from tests.applications import lend_application
from tests.schema import create_tables
from tests.unit.registration.authenticator import ORIGIN
from tests.unit.registration.browser import have_staff
from tests.unit.registration.passkeys import CHAIR


@pytest.fixture
def database(data_dir: Path) -> Iterator[Database]:
    database = Database("registration", "sqlite://")
    create_tables(database)
    yield database
    database.close()


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """A unit of work that is rolled back at the end."""
    with Session(database.engine, expire_on_commit=False) as session:
        yield session


@pytest.fixture
def app(database: Database) -> App:
    return lend_application(database)


@pytest.fixture
def passkey_site(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """A site that passkeys can be made for, where staff must have a second factor; its chair has none yet."""
    monkeypatch.setenv("KOMPETEN_SECOND_FACTOR", "required")
    monkeypatch.setenv("KOMPETEN_PUBLIC_URL", ORIGIN)
    settings.cache_clear()
    have_staff(database, Role.CHAIR, email=CHAIR)


@pytest.fixture
def client(app: App) -> FlaskClient:
    return app.test_client()
