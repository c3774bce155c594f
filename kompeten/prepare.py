"""What must be there before a service starts: keys, schema, first accounts."""

import os

from shared.database.migrations import migrate
from shared.messaging.providers import database_of
from shared.security.keys import create_keys
from shared.settings import SERVICES, settings


def prepare_embedded() -> None:
    """Keys and databases in the data folder, made on the first start; nothing that is there is written over."""
    os.umask(0o077)
    config = settings()
    config.data_dir.mkdir(parents=True, exist_ok=True)
    create_keys(config.data_dir / "keys")
    migrate_services(SERVICES)


def migrate_services(services: tuple[str, ...]) -> None:
    """Bring the databases of these services to the newest schema."""
    for service in services:
        migrate(database_of(service))
