"""`kompeten backup list`: every backup that is there, also beside one that cannot be read."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from kompeten.backups.manifest import KeptDocuments, KeptFile, Manifest, write_manifest
from kompeten.commands import kompeten
from shared.settings import settings


def test_a_backup_that_cannot_be_read_hides_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """This failure mode means that one damaged file lets all backups look as if they were gone."""
    monkeypatch.setenv("KOMPETEN_BACKUP_DIR", str(tmp_path))
    settings.cache_clear()
    now = datetime(2026, 11, 27, tzinfo=UTC)
    documents = KeptDocuments(file=KeptFile(name="documents.tar.age", size=9, sha256="0" * 64), count=3, size=7)
    good, damaged = tmp_path / "20261126T183000Z", tmp_path / "20261127T183000Z"
    for folder in (good, damaged):
        folder.mkdir()
        write_manifest(
            folder, Manifest(began_at=now, ended_at=now, version="contoh", databases=[], documents=documents)
        )
    assert CliRunner().invoke(kompeten, ["backup", "list"]).exit_code == 0
    (damaged / "manifest.json").write_text("{")
    done = CliRunner().invoke(kompeten, ["backup", "list"])
    settings.cache_clear()
    assert done.exit_code == 1
    first, second = done.output.splitlines()
    assert first.startswith(f"{damaged}\tUNFIT")
    assert second == f"{good}\t0 rows\t3 documents\t9 bytes"
