from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.database.unit import Database
from tests.unit.messaging.ledger import create_tables


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database("ledger", f"sqlite:///{tmp_path}/ledger.sqlite3")
    create_tables(database)
    yield database
    database.close()
