"""What tests ask of the schemas: a service's tables, made; and how a migrated database differs from the models."""

import sqlite3
from functools import cache

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import MetaData, StaticPool, Table, create_engine
from sqlalchemy.sql.schema import SchemaItem

from kompeten.services import find_service
from shared.database.base import SharedBase
from shared.database.privileges import SHARED_VERSION_TABLE, VERSION_TABLE
from shared.database.unit import Database


def find_schema_differences(database: Database) -> list[str]:
    """How a migrated database differs from the models; empty when they match."""
    expected = MetaData()
    for table in list_tables(database.service):
        table.to_metadata(expected)
    with database.engine.connect() as connection:
        options = {"compare_type": True, "include_object": _is_compared}
        found = compare_metadata(MigrationContext.configure(connection, opts=options), expected)
    return [str(difference) for difference in found]


def list_tables(name: str) -> list[Table]:
    """The tables of a service, its own and those every service has, in the order they can be created in."""
    return [*find_service(name).metadata.sorted_tables, *SharedBase.metadata.sorted_tables]


def create_tables(database: Database) -> None:
    """Give an empty SQLite database the tables of its service.

    They are made once in a process and copied from then on: a test's database took longer to make than to use.
    """
    with database.engine.connect() as connection:
        raw = connection.connection.driver_connection
        assert isinstance(raw, sqlite3.Connection), "only SQLite's are copied"
        connection.rollback()  # a copy is refused while a transaction is open
        _make_tables(database.service).backup(raw)


@cache
def _make_tables(name: str) -> sqlite3.Connection:
    """A database in memory with the tables of a service, to be copied by any thread."""
    made = sqlite3.connect(":memory:", check_same_thread=False)
    engine = create_engine("sqlite://", creator=lambda: made, poolclass=StaticPool)
    for metadata in (find_service(name).metadata, SharedBase.metadata):
        metadata.create_all(engine)
    return made


def _is_compared(_item: SchemaItem, name: str | None, kind: str, *_: object) -> bool:
    return kind != "table" or name not in (VERSION_TABLE, SHARED_VERSION_TABLE)
