import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from shared.security.key_files import KeyMissing
from shared.security.keyrings import FILE, RINGS, find_ring_keys
from shared.security.keys import (
    PRIVATE,
    PUBLIC,
    create_keys,
)
from shared.security.token_keys import token_private_key, token_public_keys
from shared.settings import settings


def test_keys_are_made_for_their_owner_alone(tmp_path: Path) -> None:
    made = create_keys(tmp_path / "keys")
    assert {PRIVATE, PUBLIC, FILE} <= {file.name for file in made}
    assert all(stat.S_IMODE(file.stat().st_mode) == 0o600 for file in made)
    assert {file.parent.name for file in made if file.name == FILE} == set(RINGS)


def test_keys_that_are_there_are_never_written_over(tmp_path: Path) -> None:
    create_keys(tmp_path)
    before = {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()}
    assert create_keys(tmp_path) == []
    assert {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()} == before


def test_a_lost_public_key_is_made_again_from_the_private_one(tmp_path: Path) -> None:
    create_keys(tmp_path)
    public = (tmp_path / PUBLIC).read_bytes()
    (tmp_path / PUBLIC).unlink()
    create_keys(tmp_path)
    assert (tmp_path / PUBLIC).read_bytes() == public


def test_many_makers_at_once_leave_one_whole_set(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: create_keys(tmp_path), range(8)))
    names = [file for files in made for file in files]
    assert len(names) == len(set(names))
    assert not [file for file in tmp_path.rglob("*") if file.name.startswith(".")]


def test_an_embedded_system_finds_its_keys_in_the_data_folder(data_dir: Path) -> None:
    assert token_public_keys() is not None
    assert len(find_ring_keys("registration")[0].secret) == 32


def test_a_deployed_service_says_which_setting_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOMPETEN_BROKER_URL", "amqp://broker")
    settings.cache_clear()
    try:
        with pytest.raises(KeyMissing, match="KOMPETEN_TOKEN_PUBLIC_KEY_FILE"):
            token_public_keys()
    finally:
        settings.cache_clear()


def elliptic() -> tuple[bytes, bytes]:
    """A private and a public key of another kind."""
    key = ec.generate_private_key(ec.SECP256R1())
    return (
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
        key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
    )


def test_a_key_of_another_kind_is_refused_by_the_name_of_its_file(data_dir: Path) -> None:
    for name, content, read in zip((PRIVATE, PUBLIC), elliptic(), (token_private_key, token_public_keys), strict=True):
        (data_dir / "keys" / name).write_bytes(content)
        with pytest.raises(KeyMissing, match=f"{name} holds no Ed25519"):
            read()


def test_a_file_that_cannot_be_read_is_named(data_dir: Path) -> None:
    (data_dir / "keys" / PUBLIC).unlink()
    with pytest.raises(KeyMissing, match=PUBLIC):
        token_public_keys()
