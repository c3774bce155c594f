"""`kompeten demo --url` as the documents say it: in the folder that `deploy/prepare --trial` prepared."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from kompeten.commands.demo import _read_trial_password, demo


def test_the_password_is_the_one_that_prepare_wrote(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """This failure mode means that the documented command is refused with 401."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("KOMPETEN_TRIAL=true\nKOMPETEN_DEMO_PASSWORD=acak-contoh\n")
    assert _read_trial_password() == "acak-contoh"


def test_without_one_it_says_where_to_find_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("KOMPETEN_DEMO_PASSWORD", raising=False)
    done = CliRunner().invoke(demo, ["--url", "http://127.0.0.1:9"])
    assert done.exit_code == 1
    assert "deploy/prepare" in done.output
