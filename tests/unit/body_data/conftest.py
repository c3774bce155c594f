"""A folder as an operator edits it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.body_data import data_in_force
from shared.settings import settings


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The operator's folder, empty; what is in force is read anew."""
    monkeypatch.setenv("KOMPETEN_BODY_DATA_DIR", str(tmp_path))
    settings.cache_clear()
    data_in_force.cache_clear()
    yield tmp_path
    monkeypatch.undo()
    settings.cache_clear()
    data_in_force.cache_clear()
