"""Registration with its database in memory, and browsers to ask it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from sqlalchemy.orm import Session

from kompeten.services import find_service
from services.registration.models import Base
from shared.database.base import SharedBase
from shared.database.unit import Database
from shared.web import App


@pytest.fixture
def database(data_dir: Path) -> Iterator[Database]:
    database = Database("registration", "sqlite://")
    SharedBase.metadata.create_all(database.engine)
    Base.metadata.create_all(database.engine)
    yield database
    database.close()


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """A unit of work that is rolled back at the end."""
    with Session(database.engine, expire_on_commit=False) as session:
        yield session


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Templates compiled once for all the applications that tests make."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def app(database: Database, compiled: FileSystemBytecodeCache) -> App:
    app = find_service("registration").make_application(database)
    app.jinja_env.bytecode_cache = compiled
    return app


@pytest.fixture
def client(app: App) -> FlaskClient:
    return app.test_client()
