"""What the roles of a service may do in its database, once roles.sh and the migrations have run."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Engine, create_engine, make_url, text
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError

import shared.messaging.models  # noqa: F401 - its tables belong to every service
from shared.audit import AuditRow
from shared.clock import real_now
from shared.database.base import SharedBase
from shared.database.privileges import SHARED_VERSION_TABLE, VERSION_TABLE, limit_service
from tests.integration.deploy.conftest import PROJECT
from tests.servers.own_postgres import OwnPostgres

SCRIPT = PROJECT / "deploy" / "postgres" / "roles.sh"


def make_roles(server: OwnPostgres, secrets: Path) -> None:
    subprocess.run(
        [str(SCRIPT)],
        check=True,
        env={
            **os.environ,
            "PGHOST": "127.0.0.1",
            "PGPORT": str(server.port),
            "PGUSER": "postgres",
            "SECRETS": str(secrets),
            "SERVICES": "registration decision",
        },
    )


def require_passwords(server: OwnPostgres) -> None:
    rules = server.data / "pg_hba.conf"
    lines = "host all postgres 127.0.0.1/32 trust\nhost all all 127.0.0.1/32 scram-sha-256\n"
    rules.write_text(lines)
    with create_engine(server.url).connect() as connection:
        connection.execute(text("SELECT pg_reload_conf()"))


@pytest.fixture(scope="module")
def server() -> Iterator[OwnPostgres]:
    with OwnPostgres() as server:
        require_passwords(server)
        yield server


def engine(server: OwnPostgres, secrets: Path, role: str, database: str) -> Engine:
    secret = "postgres_owner_password" if role.endswith("_owner") else f"postgres_{role[9:]}_password"
    password = (secrets / secret).read_text().strip()
    return create_engine(make_url(server.url_of(database)).set(username=role, password=password))


@pytest.fixture
def migrated(server: OwnPostgres, secrets_folder: Path) -> Iterator[tuple[Engine, Engine]]:
    """The owner's and the service's way in, after the tables were made."""
    make_roles(server, secrets_folder)
    owner = engine(server, secrets_folder, "kompeten_registration_owner", "kompeten_registration")
    service = engine(server, secrets_folder, "kompeten_registration", "kompeten_registration")
    with owner.begin() as connection:
        SharedBase.metadata.create_all(connection)
        for table in (VERSION_TABLE, SHARED_VERSION_TABLE):
            connection.execute(text(f"CREATE TABLE IF NOT EXISTS {table} (version_num text)"))
    assert limit_service(owner)
    yield owner, service
    owner.dispose()
    service.dispose()


def audit(service: Engine) -> None:
    with service.begin() as connection:
        connection.execute(
            AuditRow.__table__.insert(),  # type: ignore[attr-defined]
            {
                "at": real_now(),
                "actor_id": uuid4(),
                "actor_name": "contoh",
                "actor_roles": "",
                "action": "application:file",
                "subject": "application/1",
                "before": None,
                "after": {"state": "filed"},
                "correlation_id": "",
            },
        )


def test_the_service_adds_to_the_audit_log_and_reads_it(migrated: tuple[Engine, Engine]) -> None:
    _, service = migrated
    audit(service)
    with service.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM audit_log")).scalar_one() >= 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_log SET actor_name = 'lain'",
        "DELETE FROM audit_log",
        "TRUNCATE audit_log",
        "DROP TABLE audit_log",
        "ALTER TABLE audit_log DISABLE TRIGGER ALL",
        "CREATE TABLE extra (id integer)",
        "UPDATE alembic_version SET version_num = '9999'",
        "UPDATE alembic_version_shared SET version_num = '9999'",
        "SET ROLE kompeten_registration_owner",
    ],
)
def test_the_service_cannot_change_what_was_audited_nor_the_schema(
    migrated: tuple[Engine, Engine], statement: str
) -> None:
    _, service = migrated
    audit(service)
    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"), service.begin() as connection:
        connection.execute(text(statement))


def test_the_service_changes_the_rows_of_its_other_tables(migrated: tuple[Engine, Engine]) -> None:
    _, service = migrated
    with service.begin() as connection:
        connection.execute(text("INSERT INTO jobs (kind, key, payload, correlation_id, state, created_at, next_try_at,"
                                " tries) VALUES ('contoh', '1', '{}', '', 'waiting', now(), now(), 0)"))  # fmt: skip
        connection.execute(text("UPDATE jobs SET tries = 1"))
        connection.execute(text("DELETE FROM jobs"))


def test_a_service_does_not_get_into_another_services_database(
    migrated: tuple[Engine, Engine], server: OwnPostgres, secrets_folder: Path
) -> None:
    stranger = engine(server, secrets_folder, "kompeten_registration", "kompeten_decision")
    with pytest.raises(OperationalError, match="permission denied"):
        stranger.connect()


def test_a_wrong_password_is_refused(migrated: tuple[Engine, Engine], server: OwnPostgres) -> None:
    url = make_url(server.url_of("kompeten_registration")).set(username="kompeten_registration", password="salah")
    with pytest.raises(OperationalError, match="password authentication failed"):
        create_engine(url).connect()


def test_repeating_the_script_takes_over_a_changed_password_and_loses_nothing(
    migrated: tuple[Engine, Engine], server: OwnPostgres, secrets_folder: Path
) -> None:
    _, service = migrated
    audit(service)
    (secrets_folder / "postgres_registration_password").write_text("contoh-baru-lagi\n")
    make_roles(server, secrets_folder)
    renewed = engine(server, secrets_folder, "kompeten_registration", "kompeten_registration")
    with renewed.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM audit_log")).scalar_one() >= 1
    renewed.dispose()
    service.dispose()
    with pytest.raises(DBAPIError):
        service.connect()


def test_where_one_role_does_everything_nothing_is_limited(server: OwnPostgres) -> None:
    alone = create_engine(server.url)
    assert not limit_service(alone)
    alone.dispose()
