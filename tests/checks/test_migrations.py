"""The migrations lead exactly to the models, on both databases, also from where they began."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from alembic import command
from sqlalchemy import MetaData, Table, func, insert, select, text

from kompeten.schema import migrate_database
from kompeten.services import NAMES, find_service
from shared.clock import real_now
from shared.database import migrations
from shared.database.unit import Database
from tests.schema import find_schema_differences
from tests.servers.fixtures import FreshDatabase

ROWS = 3


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, postgres_url: FreshDatabase, tmp_path: Path) -> str:
    make: dict[str, Callable[[], str]] = {
        "sqlite": lambda: f"sqlite:///{tmp_path}/one.sqlite3",
        "postgresql": postgres_url,
    }
    return make[request.param]()


@pytest.fixture(params=NAMES)
def database(request: pytest.FixtureRequest, url: str) -> Iterator[Database]:
    database = Database(request.param, url)
    yield database
    database.close()


def test_migrations_match_the_models(database: Database) -> None:
    migrate_database(database)
    assert find_schema_differences(database) == []
    migrate_database(database)


def test_a_database_from_before_the_shared_chain_keeps_its_rows(database: Database) -> None:
    """Then each service's first migration made the shared tables itself, as the shared chain's first makes them now."""
    migrations.upgrade_shared_tables(database, to="0001")
    own = find_service(database.service).migrations
    command.upgrade(migrations.config_of(database, own), "head")
    with database.engine.begin() as connection:
        connection.execute(text(f"DROP TABLE {migrations.SHARED.version_table}"))
    _fill(database)

    migrate_database(database)

    assert find_schema_differences(database) == []
    assert _count(database) == dict.fromkeys(("audit_log", "inbox", "jobs", "outbox"), ROWS)


def _fill(database: Database) -> None:
    """Rows as the first schema kept them, whatever the models have become since."""
    now = real_now()
    moment = now.replace(tzinfo=None) if database.engine.dialect.name == "sqlite" else now
    for number in range(ROWS):
        one: Any = uuid4()
        one = one.hex if database.engine.dialect.name == "sqlite" else one
        json: Any = "{}" if database.engine.dialect.name == "sqlite" else {}
        event = {"type": "id.kompeten.x.y.v1", "subject": f"x/{number}"}
        rows: dict[str, dict[str, Any]] = {
            "outbox": {**event, "id": one, "sequence": number, "envelope": "{}", "created_at": moment},
            "inbox": {
                **event, "consumer": "x", "event_id": one, "state": "waiting", "received_at": moment,
                "tries": 1, "next_try_at": moment, "envelope": "{}",
            },
            "jobs": {
                "kind": "x", "key": str(number), "payload": json, "correlation_id": "", "state": "waiting",
                "created_at": moment, "next_try_at": moment, "tries": 0,
            },
            "audit_log": {
                "at": moment, "actor_id": one, "actor_name": "CONTOH", "actor_roles": "", "action": "x:y",
                "subject": f"x/{number}", "correlation_id": "",
            },
        }  # fmt: skip
        with database.engine.execution_options(kompeten_writing=True).begin() as connection:
            for name, row in rows.items():
                connection.execute(insert(Table(name, MetaData(), autoload_with=connection)).values(row))


def _count(database: Database) -> dict[str, int]:
    with database.engine.connect() as connection:
        return {
            name: connection.execute(select(func.count()).select_from(text(name))).scalar_one()
            for name in ("audit_log", "inbox", "jobs", "outbox")
        }
