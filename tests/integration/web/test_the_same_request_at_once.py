"""The same request at two replicas at the same moment, on PostgreSQL."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import func, select

from shared.database.base import SharedBase
from shared.database.unit import Database
from shared.security import keys
from shared.settings import settings
from tests.unit.web.conftest import bearer, person
from tests.unit.web.tiny import Base, Note, make_app

AT_ONCE = 8


@pytest.fixture
def replicas(postgres_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Database]]:
    monkeypatch.setenv("KOMPETEN_DATA_DIR", str(tmp_path))
    settings.cache_clear()
    keys.create_keys(tmp_path / "keys")
    databases = [Database("tiny", postgres_database) for _ in range(2)]
    Base.metadata.create_all(databases[0].engine)
    SharedBase.metadata.create_all(databases[0].engine)
    yield databases
    for database in databases:
        database.close()
    settings.cache_clear()


def test_one_is_done_and_the_others_wait_or_get_its_answer(replicas: list[Database]) -> None:
    """This failure mode means two documents where a person sent one."""
    apps = [make_app(database) for database in replicas]
    headers = [bearer(person()) for _ in range(5)]

    def write(number: int) -> tuple[int, str]:
        who = number % len(headers)
        answer = (
            apps[number % 2]
            .test_client()
            .post(
                "/tiny/api/notes",
                json={"title": f"CATATAN {who}", "born": "1990-01-01"},
                headers={**headers[who], "Idempotency-Key": f"kunci-contoh-000{who}"},
            )
        )
        return answer.status_code, answer.get_json().get("code", "")

    with ThreadPoolExecutor(AT_ONCE) as threads:
        first = list(threads.map(write, range(len(headers) * AT_ONCE)))
    assert set(first) <= {(201, ""), (409, "idempotency-at-work")}
    again = Counter(write(number) for number in range(len(headers)))
    assert again == {(201, ""): len(headers)}
    with replicas[0].reading() as session:
        assert session.scalar(select(func.count()).select_from(Note)) == len(headers)
