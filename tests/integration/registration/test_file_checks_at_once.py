"""Two replicas that start together check the same files, on PostgreSQL."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from services.registration.kept_files import REGISTERS
from services.registration.models import Base
from shared.database.base import SharedBase
from shared.database.unit import Database
from shared.kept_files.comparing import check_files
from shared.kept_files.models import FileCheck
from shared.objectstore.folder import FolderStore

REPLICAS = 6


@pytest.fixture
def database(postgres_database: str) -> Iterator[Database]:
    database = Database("registration", postgres_database)
    SharedBase.metadata.create_all(database.engine)
    Base.metadata.create_all(database.engine)
    yield database
    database.engine.dispose()


def test_the_first_check_of_a_register_is_made_by_one_of_those_who_start_together(
    database: Database, tmp_path: Path
) -> None:
    store, together = FolderStore(tmp_path, "http://lsp.contoh.test/objects"), Barrier(REPLICAS)

    def begin(_: int) -> FileCheck | None:
        together.wait()
        return check_files(database, store, REGISTERS[0])

    with ThreadPoolExecutor(REPLICAS) as replicas:
        checks = list(replicas.map(begin, range(REPLICAS)))
    assert any(checks)
    with database.reading() as session:
        assert session.get_one(FileCheck, REGISTERS[0].prefix).finished_at is not None
