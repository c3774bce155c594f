"""The password of a database role is changed while its service works: nothing is started anew, nobody is refused."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from shared.database.unit import Database, DatabaseAway
from shared.settings import settings
from tests.integration.deploy.test_roles import require_passwords
from tests.servers.own_postgres import OwnPostgres


@pytest.fixture(scope="module")
def server() -> Iterator[OwnPostgres]:
    with OwnPostgres() as server:
        require_passwords(server)
        yield server


@pytest.fixture(params=["psycopg2", "psycopg"])
def database(
    server: OwnPostgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Iterator[Database]:
    """A service's database whose password is in a file."""
    set_password(server, "lama")
    (tmp_path / "decision").write_text("lama\n")
    address = f"postgresql+{request.param}://layanan@127.0.0.1:{server.port}/postgres"
    monkeypatch.setenv("KOMPETEN_DATABASE_URL", address)
    monkeypatch.setenv("KOMPETEN_DATABASE_PASSWORD_FILE", str(tmp_path / "{service}"))
    settings.cache_clear()
    database = Database("decision")
    yield database
    database.close()
    settings.cache_clear()


def set_password(server: OwnPostgres, password: str) -> None:
    with create_engine(server.url).begin() as connection:
        known = connection.execute(text("SELECT 1 FROM pg_roles WHERE rolname = 'layanan'")).scalar()
        connection.exec_driver_sql(f"{'ALTER' if known else 'CREATE'} ROLE layanan LOGIN PASSWORD '{password}'")


def ask(database: Database) -> None:
    with database.reading() as session:
        session.execute(text("SELECT 1"))


@pytest.mark.parametrize("file_first", [True, False])
def test_connections_that_are_opened_meanwhile_wait_for_both(
    server: OwnPostgres, database: Database, tmp_path: Path, file_first: bool
) -> None:
    """This failure mode means a rotation that answers people with 503 until every container was started anew."""
    with database.engine.connect():  # a connection that is in use, so that another is opened
        steps: list[Callable[[], object]] = [
            lambda: (tmp_path / "decision").write_text("baru\n"),
            lambda: set_password(server, "baru"),
        ]
        first, second = steps if file_first else steps[::-1]
        first()
        later = threading.Timer(1.0, second)
        later.start()
        begin = time.monotonic() + 0.5
        ask(database)
        assert time.monotonic() >= begin, "it had to wait for the second half"
        later.join()
        ask(database)


def test_a_password_that_stays_wrong_is_told(database: Database, tmp_path: Path) -> None:
    (tmp_path / "decision").write_text("salah\n")
    with pytest.raises(DatabaseAway, match="password authentication failed"):
        ask(database)
    end = time.monotonic() + 9
    with pytest.raises(DatabaseAway):
        database.check_answer(1.0)
    assert time.monotonic() < end, "a probe waits no longer than it may"
