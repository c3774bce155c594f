"""What must be there before the embedded system starts: keys, schema, first accounts."""

import os

from kompeten.schema import migrate_services
from kompeten.services import NAMES
from services.registration.timers import open_first_accounts
from shared.database.opened import database_of
from shared.security.keys import create_keys
from shared.security.service_keys import FOLDER, create_service_keys
from shared.settings import settings


def prepare_embedded() -> None:
    """Make keys, databases and first accounts, once; nothing that is there is written over."""
    os.umask(0o077)
    config = settings()
    config.data_dir.mkdir(parents=True, exist_ok=True)
    create_keys(config.data_dir / "keys")
    create_service_keys(config.data_dir / "keys" / FOLDER)
    migrate_services(NAMES)
    # the timer does it too, but after the first request may have come: demo and trial sign in at once
    open_first_accounts(database_of("registration"))
