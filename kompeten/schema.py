"""The databases' schemas, by the service each belongs to."""

import tempfile
from collections.abc import Iterable

from kompeten.services import find_service
from shared.database import migrations
from shared.database.opened import database_of
from shared.database.unit import Database


def migrate_database(database: Database, to: str = "head") -> None:
    """Bring the database of the service it names to the newest schema, or to an earlier one of its own. Repeatable."""
    migrations.upgrade_both_chains(database, find_service(database.service).migrations, to)


def migrate_services(names: Iterable[str]) -> None:
    """Bring the databases of these services to the newest schema."""
    for name in names:
        migrate_database(database_of(name))


def write_service_migration(name: str, message: str) -> None:
    """Write the migration of a service's own tables from the newest one to the models, on an empty SQLite database."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(name, f"sqlite:///{folder}/{name}.sqlite3")
        migrate_database(database)
        migrations.write_migration(database, find_service(name).migrations, message)
        database.close()


def write_shared_migration(message: str) -> None:
    """Write the migration of the tables every service has, likewise."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database("shared", f"sqlite:///{folder}/shared.sqlite3")
        migrations.upgrade_shared_tables(database)
        migrations.write_migration(database, migrations.SHARED, message)
        database.close()
