"""Who takes part in the tests of the API."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from shared.database.unit import Database
from shared.objectstore import object_store
from shared.security.roles import Role
from tests.unit.registration.api.walk import Person
from tests.unit.registration.files import actor, period


@pytest.fixture
def sari(client: FlaskClient) -> Person:
    return Person(client, actor())


@pytest.fixture
def desk(client: FlaskClient) -> Person:
    return Person(client, actor(Role.SECRETARIAT, name="Sekretariat Contoh"))


@pytest.fixture
def _period(database: Database) -> None:
    with database.unit_of_work() as session:
        period(session)


@pytest.fixture(autouse=True)
def _store_of_its_own(data_dir: Path) -> Iterator[None]:
    object_store.cache_clear()
    yield
    object_store.cache_clear()
