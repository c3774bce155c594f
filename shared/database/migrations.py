"""Each service's schema, as a chain of migrations under `services/<name>/migrations`."""

from importlib import import_module
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import MetaData

import services
import shared.audit
import shared.database.trial_clock
import shared.messaging.models  # noqa: F401 - their tables belong to every service
from shared.database.base import SharedBase
from shared.database.privileges import limit_service
from shared.database.unit import Database

_SERVICES = Path(services.__file__).parent


def metadata_of(service: str) -> list[MetaData]:
    """The tables of `service`: its own, and those every service has."""
    return [import_module(f"services.{service}.models").Base.metadata, SharedBase.metadata]


def migrate(database: Database, to: str = "head") -> None:
    """Bring the database of a service to the newest schema, and give its role its rights there. Safe to repeat.

    `to` names an earlier revision to stop at.
    """
    command.upgrade(_config(database), to)
    limit_service(database.engine)


def make(database: Database, message: str) -> None:
    """Write the migration that leads from the database's schema to the models."""
    command.revision(_config(database), message=message, autogenerate=True, rev_id=_next(database.service))


def differences(database: Database) -> list[str]:
    """How the migrated database differs from the models; empty when they match."""
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        found = [compare_metadata(context, metadata) for metadata in [_merged(database.service)]]
    return [str(difference) for difference in found[0]]


def _merged(service: str) -> MetaData:
    merged = MetaData()
    for metadata in metadata_of(service):
        for table in metadata.tables.values():
            table.to_metadata(merged)
    return merged


def _config(database: Database) -> Config:
    folder = _SERVICES / database.service / "migrations"
    folder.mkdir(exist_ok=True)
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "alembic"))
    config.set_main_option("version_locations", str(folder))
    config.set_main_option("path_separator", "newline")
    config.attributes["database"] = database
    config.attributes["metadata"] = metadata_of(database.service)
    return config


def _next(service: str) -> str:
    files = [path.stem[:4] for path in (_SERVICES / service / "migrations").glob("[0-9]*.py")]
    return f"{max(map(int, files), default=0) + 1:04d}"
