"""The keys by which services know one another, made, rolled and retired."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.messaging.signing import NotGenuine, find_signer, sign_events
from shared.security import service_keys
from shared.security.key_files import KeyMissing
from shared.security.service_keys import (
    PUBLIC_FOLDER,
    create_service_keys,
    find_opening_key,
    find_sealing_key,
    find_signing_key,
    retire_service_keys,
    roll_service_keys,
)
from shared.settings import settings


@pytest.fixture(autouse=True)
def _read_anew() -> Iterator[None]:
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with keys of every service, which this process reads."""
    create_service_keys(tmp_path)
    monkeypatch.setenv("KOMPETEN_SERVICE_KEY_FILE", f"{tmp_path}/{{service}}.key")
    monkeypatch.setenv("KOMPETEN_SERVICE_PUBLIC_KEYS_DIR", str(tmp_path / PUBLIC_FOLDER))
    monkeypatch.setattr(service_keys, "LOOK_SECONDS", 0.0)
    settings.cache_clear()
    return tmp_path


def test_private_keys_are_their_owners_alone_and_what_is_there_stays(folder: Path) -> None:
    before = {file: file.read_bytes() for file in folder.rglob("*.*")}
    assert create_service_keys(folder) == []
    assert {file: file.read_bytes() for file in folder.rglob("*.*")} == before
    assert {file.stat().st_mode & 0o777 for file in folder.glob("*.key")} == {0o600}
    assert not [file for file in (folder / PUBLIC_FOLDER).iterdir() if "sign" in file.read_text()]


def test_a_new_key_signs_and_the_earlier_one_is_still_believed(folder: Path) -> None:
    """This failure mode means a roll that has to stop the services, or throws away what lies in the queues."""
    (before,) = sign_events("decision", [b"told"])
    roll_service_keys(folder, "decision")
    (after,) = sign_events("decision", [b"told"])
    assert before.partition(".")[0] != after.partition(".")[0]
    assert find_signer(b"told", before) == find_signer(b"told", after) == "decision"


def test_a_service_that_still_has_its_earlier_key_goes_on_signing_with_it(folder: Path) -> None:
    private = (folder / "decision.key").read_text()
    roll_service_keys(folder, "decision")
    (folder / "decision.key").write_text(private)
    (again,) = sign_events("decision", [b"told"])
    assert find_signer(b"told", again) == "decision"


def test_a_retired_key_is_believed_no_longer(folder: Path) -> None:
    (stolen,) = sign_events("decision", [b"told"])
    assert find_signer(b"told", stolen) == "decision"
    roll_service_keys(folder, "decision")
    retire_service_keys(folder, "decision")
    with pytest.raises(NotGenuine, match="no service has"):
        find_signer(b"told", stolen)
    (new,) = sign_events("decision", [b"told"])
    assert find_signer(b"told", new) == "decision"


def test_what_was_sealed_for_an_earlier_key_is_opened_until_that_is_retired(folder: Path) -> None:
    before, _ = find_sealing_key("notification")
    roll_service_keys(folder, "notification")
    assert find_sealing_key("notification")[0] != before
    assert find_opening_key("notification", before) is not None
    retire_service_keys(folder, "notification")
    assert find_opening_key("notification", before) is None


def test_a_key_that_nobody_knows_signs_nothing(folder: Path, tmp_path: Path) -> None:
    """This failure mode means events that are told and refused by every reader."""
    create_service_keys(tmp_path / "elsewhere", ["decision"])
    (folder / "decision.key").write_text((tmp_path / "elsewhere" / "decision.key").read_text())
    with pytest.raises(KeyMissing, match="none of those that others know decision by"):
        find_signing_key("decision")


def test_a_missing_file_says_how_to_make_one(folder: Path) -> None:
    (folder / "decision.key").unlink()
    with pytest.raises(KeyMissing, match="kompeten keys create"):
        find_signing_key("decision")


def test_a_deployed_service_makes_no_keys_that_only_it_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOMPETEN_BROKER_URL", "amqp://broker.contoh.test/kompeten")
    monkeypatch.delenv("KOMPETEN_SERVICE_KEY_FILE")
    with pytest.raises(KeyMissing, match="KOMPETEN_SERVICE_KEY_FILE"):
        find_signing_key("decision")


def test_embedded_they_are_made_when_they_are_first_asked_for(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("KOMPETEN_DATA_DIR", str(tmp_path))
    for name in ("SERVICE_KEY_FILE", "SERVICE_PUBLIC_KEYS_DIR"):
        monkeypatch.delenv(f"KOMPETEN_{name}")
    (signature,) = sign_events("decision", [b"told"])
    assert find_signer(b"told", signature) == "decision"
