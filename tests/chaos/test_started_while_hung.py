"""A service that starts while its database is frozen says so, and answers as soon as it can."""

import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from kompeten.schema import migrate_database
from shared.database.unit import Database
from tests.end_to_end.systems import Process
from tests.servers.own_postgres import OwnPostgres
from tests.servers.processes import free_port

START_SECONDS = 60


def status_of(url: str) -> int | None:
    """None while nobody listens there; raises TimeoutError where somebody does and says nothing."""
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        return refused.code
    except urllib.error.URLError:
        return None


@pytest.mark.timeout(180)
@pytest.mark.parametrize(("runner", "driver"), [("nameko", "psycopg2"), ("threads", "psycopg")])
def test_a_service_that_starts_while_its_database_hangs(
    own_postgres: OwnPostgres, tmp_path: Path, runner: str, driver: str
) -> None:
    """This failure mode means a container that has its port and answers nobody, not even that it is alive."""
    database_url, port = own_postgres.fresh(), free_port()
    migrate_database(database := Database("notification", database_url))
    database.close()
    address = f"http://127.0.0.1:{port}/notification"
    environment = {
        "KOMPETEN_DATABASE_URL": database_url.replace("+psycopg2", f"+{driver}"),
        "KOMPETEN_DATA_DIR": str(tmp_path),
        "KOMPETEN_LISTEN": f"127.0.0.1:{port}",
        "KOMPETEN_RUNNER": runner,
    }
    own_postgres.pause()
    service = Process(environment, tmp_path / "notification.log", "serve", "notification")
    try:
        end = time.monotonic() + START_SECONDS
        while (health := status_of(f"{address}/health")) is None and time.monotonic() < end:
            time.sleep(0.2)
        assert health == 200
        assert status_of(f"{address}/ready") == 503
        own_postgres.resume()
        while (ready := status_of(f"{address}/ready")) != 200 and time.monotonic() < end:
            time.sleep(0.2)
        assert ready == 200
    finally:
        own_postgres.resume()
        service.kill()
