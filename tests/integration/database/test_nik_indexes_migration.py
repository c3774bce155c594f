"""Whoever was registered stays registered when the hashes of NIKs get a table of their own."""

from uuid import uuid4

import pytest
from sqlalchemy import text

from kompeten.schema import migrate_database
from shared.database.unit import Database


@pytest.mark.parametrize("server", ["postgresql", "sqlite"])
def test_the_hash_of_each_nik_is_taken_along(
    server: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> None:
    url = f"sqlite:///{tmp_path_factory.mktemp('nik')}/registration.sqlite3"
    database = Database("registration", request.getfixturevalue("postgres_database") if server != "sqlite" else url)
    migrate_database(database, "0008")
    account, mark = uuid4(), "ab" * 32
    with database.unit_of_work() as session:
        session.execute(
            text("INSERT INTO identities (account_id, nik_index, nik) VALUES (:account, :mark, 'terenkripsi')"),
            {"account": account.hex if server == "sqlite" else account, "mark": mark},
        )
    migrate_database(database)
    with database.reading() as session:
        assert session.scalars(text("SELECT nik_index FROM nik_indexes")).all() == [mark]
    database.close()
