"""A backup made and restored as docs/operations/deploy.md says."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.deploy.conftest import PROJECT
from tests.servers.own_postgres import OwnPostgres
from tests.servers.packages import need

SERVICE = "registration"
DATABASE = f"kompeten_{SERVICE}"
JOB = (
    "INSERT INTO jobs (kind, key, payload, correlation_id, state, created_at, next_try_at, tries)"
    " VALUES ('contoh', '1', '{}', '', 'done', now(), now(), 0)"
)


class Machine:
    """A database server with the deployment's steps."""

    def __init__(self, server: OwnPostgres, secrets: Path) -> None:
        self.server = server
        self.environment = {
            **os.environ,
            "PGHOST": "127.0.0.1",
            "PGPORT": str(server.port),
            "PGUSER": "postgres",
            "SECRETS": str(secrets),
            "SERVICES": SERVICE,
            "KOMPETEN_DATABASE_URL": f"postgresql+psycopg2://{DATABASE}_owner@127.0.0.1:{server.port}/{DATABASE}",
        }

    def run(self, *command: str, given: bytes | None = None) -> bytes:
        return subprocess.run(
            command, input=given, env=self.environment, cwd=PROJECT, check=True, capture_output=True
        ).stdout

    def roles(self) -> None:
        self.run(str(PROJECT / "deploy" / "postgres" / "roles.sh"))

    def migrate(self) -> None:
        self.run(str(Path(sys.executable).with_name("kompeten")), "migrate", SERVICE)

    def sql(self, query: str, role: str = "postgres") -> subprocess.CompletedProcess[str]:
        command = [str(need("psql")), "-U", role, "-d", DATABASE, "-Atc", query]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)


@pytest.fixture
def machines(secrets_folder: Path) -> Iterator[tuple[Machine, Machine]]:
    with OwnPostgres() as lost, OwnPostgres() as empty:
        yield Machine(lost, secrets_folder), Machine(empty, secrets_folder)


def test_a_restored_database_has_its_rows_and_its_rights(machines: tuple[Machine, Machine]) -> None:
    lost, empty = machines
    lost.roles()
    lost.migrate()
    assert lost.sql(JOB).returncode == 0
    dump = lost.run(str(need("pg_dump")), "-Fc", DATABASE)

    empty.roles()
    empty.run(str(need("pg_restore")), "-d", DATABASE, "--no-acl", "--exit-on-error", given=dump)
    empty.migrate()

    assert empty.sql("SELECT count(*) FROM jobs", role=DATABASE).stdout.strip() == "1"
    assert "permission denied" in empty.sql("DELETE FROM audit_log", role=DATABASE).stderr
