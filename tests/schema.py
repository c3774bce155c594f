"""What tests ask of the schemas: how a migrated database differs from the models, and a service's tables."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import MetaData, Table
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


def _is_compared(_item: SchemaItem, name: str | None, kind: str, *_: object) -> bool:
    return kind != "table" or name not in (VERSION_TABLE, SHARED_VERSION_TABLE)
