"""The migrations lead exactly to the models, on both databases."""

from pathlib import Path

import pytest

from shared.database.migrations import differences, migrate
from shared.database.unit import Database
from shared.settings import SERVICES
from tests.servers.fixtures import FreshDatabase


@pytest.mark.parametrize("service", SERVICES)
def test_migrations_match_the_models_on_sqlite(service: str, tmp_path: Path) -> None:
    database = Database(service, f"sqlite:///{tmp_path}/{service}.sqlite3")
    migrate(database)
    assert differences(database) == []
    migrate(database)
    database.close()


@pytest.mark.parametrize("service", SERVICES)
def test_migrations_match_the_models_on_postgresql(service: str, postgres_url: FreshDatabase) -> None:
    database = Database(service, postgres_url())
    migrate(database)
    assert differences(database) == []
    database.close()
