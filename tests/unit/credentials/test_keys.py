from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from shared.credentials import CredentialKeyUnfit, LocalKey, PublicKey, credential_key
from shared.credentials.keys import create_credential_key
from shared.settings import settings


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[pytest.MonkeyPatch]:
    """Settings of this test's own, forgotten afterwards."""
    monkeypatch.setenv("KOMPETEN_DATA_DIR", str(tmp_path))
    settings.cache_clear()
    credential_key.cache_clear()
    yield monkeypatch
    settings.cache_clear()
    credential_key.cache_clear()


def test_what_a_key_signs_its_public_half_confirms(key: LocalKey) -> None:
    public = PublicKey.from_multikey(key.id)
    assert public.signed(key.sign(b"teks"), b"teks")
    assert not public.signed(key.sign(b"teks"), b"teks lain")


def test_a_key_is_named_by_its_public_half(key: LocalKey) -> None:
    assert key.id.startswith("z6Mk")
    assert PublicKey.from_multikey(key.id).short_id == key.short_id


def test_a_key_of_another_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="Ed25519"):
        PublicKey.from_multikey("zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169")


def test_an_embedded_system_makes_a_key_of_its_own_once(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    first = credential_key().id
    file = tmp_path / "signing" / "credential-key.pem"
    assert file.stat().st_mode & 0o777 == 0o600
    credential_key.cache_clear()
    assert credential_key().id == first


def test_a_key_that_is_there_is_never_written_over(tmp_path: Path) -> None:
    file = tmp_path / "credential-key.pem"
    assert create_credential_key(file)
    before = file.read_bytes()
    assert not create_credential_key(file)
    assert file.read_bytes() == before
    assert list(tmp_path.iterdir()) == [file]


def test_the_operators_file_is_used_when_named(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    create_credential_key(tmp_path / "own.pem")
    environment.setenv("KOMPETEN_CREDENTIAL_KEY_FILE", str(tmp_path / "own.pem"))
    assert credential_key().id == LocalKey.from_file(tmp_path / "own.pem").id


def test_a_deployed_system_without_a_key_says_which_setting_is_missing(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("KOMPETEN_BROKER_URL", "amqp://broker")
    with pytest.raises(CredentialKeyUnfit, match="KOMPETEN_CREDENTIAL_KEY_FILE"):
        credential_key()


def test_files_that_hold_no_such_key_are_named(tmp_path: Path) -> None:
    with pytest.raises(CredentialKeyUnfit, match="cannot be read"):
        LocalKey.from_file(tmp_path / "absent.pem")
    other = ec.generate_private_key(ec.SECP256R1())
    (tmp_path / "p256.pem").write_bytes(other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    with pytest.raises(CredentialKeyUnfit, match="no Ed25519 key"):
        LocalKey.from_file(tmp_path / "p256.pem")
