"""Schemas as chains of migrations: one chain of the tables every service has, one of each service's own tables.

A database follows both, the shared chain first; each keeps its place in a version table of its own.

A new column or index of the shared tables (outbox, inbox, jobs, audit log and so on) is one migration for all
services: change the model, run `kompeten migrations make shared -m "what changes"`, read what was written into
`shared/database/shared_tables/`, and give a new column that may not be null a `server_default` (there are rows). The
checks in `tests/checks/test_migrations.py` then hold for every service on both databases.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import MetaData

import shared.access_log
import shared.audit
import shared.chain.models
import shared.database.answers
import shared.database.kept_forms
import shared.database.trial_clock
import shared.involvement.models
import shared.kept_files.models
import shared.messaging.models
import shared.security.generations  # noqa: F401 - their tables belong to every service
from shared.database.base import SharedBase
from shared.database.privileges import SHARED_VERSION_TABLE, VERSION_TABLE, limit_service
from shared.database.unit import Database

_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Chain:
    """Migrations `NNNN_what.py` in a folder, and the tables they lead to."""

    folder: Path
    metadata: MetaData
    version_table: str = VERSION_TABLE


SHARED = Chain(_HERE / "shared_tables", SharedBase.metadata, SHARED_VERSION_TABLE)


def upgrade_both_chains(database: Database, own: Chain, to: str = "head") -> None:
    """Bring a service's database to the newest schema, and give the service's role its rights there. Safe to repeat.

    `to` names an earlier revision of its `own` chain to stop at.
    """
    upgrade_shared_tables(database)
    command.upgrade(config_of(database, own), to)
    limit_service(database.engine)


def upgrade_shared_tables(database: Database, to: str = "head") -> None:
    """Bring the tables every service has to the newest schema, or to an earlier revision of theirs."""
    command.upgrade(config_of(database, SHARED), to)


def write_migration(database: Database, chain: Chain, message: str) -> None:
    """Write the migration of `chain` that leads from the database's schema to the models."""
    command.revision(config_of(database, chain), message=message, autogenerate=True, rev_id=_next_revision(chain))


def config_of(database: Database, chain: Chain) -> Config:
    """Alembic's configuration for one chain on one database."""
    chain.folder.mkdir(exist_ok=True)
    config = Config()
    config.set_main_option("script_location", str(_HERE / "alembic"))
    config.set_main_option("version_locations", str(chain.folder))
    config.set_main_option("path_separator", "newline")
    config.attributes["database"] = database
    config.attributes["metadata"] = chain.metadata
    config.attributes["version_table"] = chain.version_table
    config.attributes["include_object"] = _includes(set() if chain is SHARED else set(SHARED.metadata.tables))
    return config


def _includes(other_tables: set[str]) -> Any:
    """Alembic's filter of what it compares: not the version tables, and not the tables of another chain."""
    left_out = {VERSION_TABLE, SHARED_VERSION_TABLE, *other_tables}

    def include(_object: Any, name: str | None, kind: str, *_: Any) -> bool:
        return kind != "table" or name not in left_out

    return include


def _next_revision(chain: Chain) -> str:
    numbers = [int(path.stem[:4]) for path in chain.folder.glob("[0-9]*.py")]
    return f"{max(numbers, default=0) + 1:04d}"
