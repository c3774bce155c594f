"""Accounts of international addresses that were kept in Unicode sign in after the migration."""

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import MetaData, Table, insert, select

from kompeten.schema import migrate_database
from shared.clock import real_now
from shared.database.unit import Database
from tests.servers.fixtures import FreshDatabase

KEPT = ["a@b\u00fccher.example", "b@contoh.test", "c@b\u00fccher.example", "c@xn--bcher-kva.example"]


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, postgres_url: FreshDatabase, tmp_path: Path) -> Iterator[Database]:
    make: dict[str, Callable[[], str]] = {
        "sqlite": lambda: f"sqlite:///{tmp_path}/registration.sqlite3",
        "postgresql": postgres_url,
    }
    database = Database("registration", make[request.param]())
    yield database
    database.close()


def test_addresses_become_ascii_and_nobody_takes_the_one_of_another(database: Database) -> None:
    migrate_database(database, to="0013")
    accounts = Table("accounts", MetaData(), autoload_with=database.engine)
    with database.engine.begin() as connection:
        for email in KEPT:
            account, now = uuid4(), real_now()
            given = {"version": 1, "sequence": 0, "created_at": now, "updated_at": now, "generation": 0}
            # SQLite reflects no types of ours: ids as it keeps them
            own = {"id": account.hex if database.engine.dialect.name == "sqlite" else account, "email": email}
            connection.execute(
                insert(accounts).values({**given, **own, "name": "C", "language": "id", "state": "active"})
            )
    migrate_database(database)
    with database.engine.connect() as connection:
        found = sorted(connection.scalars(select(accounts.c.email)))
    assert found == ["a@xn--bcher-kva.example", "b@contoh.test", "c@b\u00fccher.example", "c@xn--bcher-kva.example"]
