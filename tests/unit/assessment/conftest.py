"""Assessment's database: a file of the test's own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from shared.database.unit import Database
from tests.schema import create_tables
from tests.unit.assessment.scene import Scene
from tests.unit.assessment.web import Web


@pytest.fixture
def database(data_dir: Path) -> Iterator[Database]:
    database = Database("assessment", f"sqlite:///{data_dir / 'assessment.sqlite3'}")
    create_tables(database)
    yield database
    database.close()


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """A unit of work that is rolled back at the end."""
    with Session(database.engine, expire_on_commit=False) as session:
        yield session


@pytest.fixture
def scene(session: Session) -> Scene:
    """Accounts, registered assessors, a TUK, and one submitted file."""
    return Scene(session)


@pytest.fixture
def web(database: Database, scene: Scene) -> Web:
    return Web(database, scene)
