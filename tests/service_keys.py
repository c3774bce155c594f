"""The keys by which services know each other, made for one run of tests or of the benchmark."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from shared.security.service_keys import PUBLIC_FOLDER, create_service_keys


@contextmanager
def keys_of_every_service() -> Iterator[Path]:
    """The folder of the keys; this process and those it starts find them in their settings, and sign what they tell."""
    with TemporaryDirectory(prefix="kompeten-service-keys-") as folder:
        path = Path(folder)
        create_service_keys(path)
        os.environ["KOMPETEN_SERVICE_KEY_FILE"] = f"{path}/{{service}}.key"
        os.environ["KOMPETEN_SERVICE_PUBLIC_KEYS_DIR"] = str(path / PUBLIC_FOLDER)
        yield path
