"""Keys of a test's own, in a folder of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.security.keys import create_keys
from shared.settings import settings


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An embedded system's data folder with keys in it."""
    monkeypatch.setenv("KOMPETEN_DATA_DIR", str(tmp_path))
    settings.cache_clear()
    create_keys(tmp_path / "keys")
    yield tmp_path
    settings.cache_clear()
