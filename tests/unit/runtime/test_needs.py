"""A deployed service starts with the secrets it uses, and with no other's."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kompeten.services import NAMES, find_service
from shared.runtime.needs import STORE, UnfitSecrets, check_secrets, list_secrets
from shared.security.keyrings import FOLDER
from shared.settings import settings


@pytest.fixture(params=NAMES)
def deployed(request: pytest.FixtureRequest, data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The settings of a service of the deployment, each secret in a file of its own; gives its name."""
    name: str = request.param
    monkeypatch.setenv("KOMPETEN_BROKER_URL", "amqp://broker")
    monkeypatch.setenv("KOMPETEN_OBJECT_STORE_URL", "s3+http://store:9000/kompeten")
    monkeypatch.setenv("KOMPETEN_ENCRYPTION_KEYS_DIR", str(data_dir / "keys" / FOLDER))
    for setting in list_secrets(find_service(name)):
        give(monkeypatch, data_dir, setting)
    settings.cache_clear()
    yield name
    settings.cache_clear()


def give(monkeypatch: pytest.MonkeyPatch, folder: Path, setting: str) -> None:
    (folder / setting).write_text("rahasia")
    monkeypatch.setenv(f"KOMPETEN_{setting.upper()}", str(folder / setting))
    settings.cache_clear()


def test_with_all_that_it_uses_a_service_starts(deployed: str) -> None:
    check_secrets(find_service(deployed))


def test_each_secret_that_another_uses_is_refused(
    deployed: str, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """This failure mode means that an override file gives a thief what the service never needed."""
    own = set(list_secrets(find_service(deployed)))
    everybodys = {setting for name in NAMES for setting in list_secrets(find_service(name))}
    for setting in sorted(everybodys - own | {"broker_admin_password_file", "backup_identity_file"}):
        give(monkeypatch, data_dir, setting)
        with pytest.raises(UnfitSecrets, match=f"{deployed} is given KOMPETEN_{setting.upper()} and does not use it"):
            check_secrets(find_service(deployed))
        monkeypatch.setenv("KOMPETEN_TRIAL", "true")
        settings.cache_clear()
        check_secrets(find_service(deployed))
        monkeypatch.setenv("KOMPETEN_TRIAL", "false")
        monkeypatch.setenv(f"KOMPETEN_{setting.upper()}", str(data_dir / "is-not-there"))
        settings.cache_clear()
        check_secrets(find_service(deployed))


def test_each_secret_that_it_lacks_is_named_before_anything_starts(
    deployed: str, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    declared = find_service(deployed)
    needed = ["token_public_key_file", "service_key_file", *(STORE if declared.keeps_files else ())]
    needed += set(declared.secrets) - set(declared.optional_secrets)
    for setting in needed:
        monkeypatch.setenv(f"KOMPETEN_{setting.upper()}", "")
    for ring in declared.rings:
        (data_dir / "keys" / FOLDER / ring / "encryption.key").unlink()
    settings.cache_clear()
    with pytest.raises(UnfitSecrets) as unfit:
        check_secrets(declared)
    said = str(unfit.value)
    assert all(f"{deployed} needs KOMPETEN_{setting.upper()}" in said for setting in needed)
    assert all(f"the encryption keys of {ring}" in said for ring in declared.rings)
    assert len(said.splitlines()) == len(needed) + len(declared.rings)


def test_the_command_ends_with_what_is_wrong(data_dir: Path, service_keys: Path) -> None:
    (data_dir / "foreign").write_text("rahasia")
    environment = {
        **os.environ,
        "KOMPETEN_BROKER_URL": "amqp://broker",
        "KOMPETEN_DATA_DIR": str(data_dir),
        "KOMPETEN_MAIL_PASSWORD_FILE": str(data_dir / "foreign"),
        "KOMPETEN_SERVICE_KEY_FILE": f"{service_keys}/{{service}}.key",
        "KOMPETEN_TOKEN_PUBLIC_KEY_FILE": str(data_dir / "keys" / "token-public.pem"),
    }
    kompeten = Path(sys.executable).with_name("kompeten")
    refused = subprocess.run([kompeten, "serve", "assessment"], env=environment, capture_output=True, text=True)
    assert refused.returncode == 1
    assert "assessment is given KOMPETEN_MAIL_PASSWORD_FILE and does not use it" in refused.stderr
    assert "assessment needs the encryption keys of assessment" in refused.stderr


def test_embedded_everything_is_in_one_process(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    give(monkeypatch, data_dir, "backup_identity_file")
    for name in NAMES:
        check_secrets(find_service(name))
