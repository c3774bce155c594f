"""What must be there before the embedded system starts: keys and schema."""

import os

from kompeten.schema import migrate_services
from kompeten.services import NAMES
from shared.security.keys import create_keys
from shared.settings import settings


def prepare_embedded() -> None:
    """Keys and databases in the data folder, made on the first start; nothing that is there is written over."""
    os.umask(0o077)
    config = settings()
    config.data_dir.mkdir(parents=True, exist_ok=True)
    create_keys(config.data_dir / "keys")
    migrate_services(NAMES)
