from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.certificate.trust.keys import Keys, restart


@pytest.fixture
def keys(tmp_path: Path, store: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Keys]:
    """The operator's keys, valid for a month, and a store."""
    folder = tmp_path / "operator"
    folder.mkdir()
    keys = Keys(folder)
    for name, value in keys.environment.items():
        monkeypatch.setenv(name, value)
    keys.install()
    yield keys
    restart()
