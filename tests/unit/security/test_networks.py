from pathlib import Path

import pytest

from shared.security import networks
from shared.security.networks import mark_network
from shared.settings import settings


def test_a_mark_names_nobody_and_is_the_same_wherever_the_password_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "password").write_text("contoh")
    monkeypatch.setenv("KOMPETEN_LIMITS_PASSWORD_FILE", str(tmp_path / "password"))
    marks = set()
    for _ in range(2):
        settings.cache_clear()
        networks._mark_key.cache_clear()
        marks.add(mark_network("192.0.2.7"))
    assert len(marks) == 1
    assert "192" not in marks.pop()
    assert mark_network("192.0.2.7") != mark_network("192.0.2.8")
    monkeypatch.undo()
    settings.cache_clear()
    networks._mark_key.cache_clear()
