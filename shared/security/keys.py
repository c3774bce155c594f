"""Where keys come from: made once by `kompeten keys create` (or at the first embedded start), read from files after.

The folder holds `token-private.pem` and `token-public.pem` (Ed25519), `encryption.key` (base64, one key a line: the
first encrypts, all decrypt). A key file that exists is never written over: with it would go everything it has signed
or encrypted.
"""

import base64
import os
import secrets
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from shared.settings import Settings, settings

PRIVATE = "token-private.pem"
PUBLIC = "token-public.pem"
ENCRYPTION = "encryption.key"
KEY_BYTES = 32


class KeyMissing(RuntimeError):
    """A key file is not there or not what it should be; the message says which and how to make one."""


def create_keys(directory: Path) -> list[Path]:
    """Make the key files missing in `directory`, and return those made. Safe to repeat, and to run twice at once."""
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    made: list[Path] = []
    private, public = directory / PRIVATE, directory / PUBLIC
    if write_new_file(private, _new_private_pem()):
        made.append(private)
    if write_new_file(public, _public_pem(private.read_bytes())):
        made.append(public)
    encryption = directory / ENCRYPTION
    if write_new_file(encryption, new_encryption_line().encode()):
        made.append(encryption)
    return made


def new_encryption_line() -> str:
    """A fresh AES-256 key as a line for `encryption.key`."""
    return base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode() + "\n"


def token_private_key() -> Ed25519PrivateKey:
    """The key that signs access tokens; only registration has it. Raises KeyMissing."""
    return _private(_file("token_private_key_file", PRIVATE))


def token_public_key() -> Ed25519PublicKey:
    """The key that verifies access tokens, in every service. Raises KeyMissing."""
    return _public(_file("token_public_key_file", PUBLIC))


def encryption_keys() -> tuple[bytes, ...]:
    """The AES-256 keys (32 bytes) that can decrypt; the first encrypts. Raises KeyMissing."""
    return _encryption(_file("encryption_key_file", ENCRYPTION))


def _file(setting: str, name: str) -> Path:
    """The configured file, or its place in the data folder when everything runs embedded."""
    current: Settings = settings()
    configured: Path | None = getattr(current, setting)
    if configured is not None:
        return configured
    if current.embedded:
        return current.data_dir / "keys" / name
    raise KeyMissing(f"KOMPETEN_{setting.upper()} is not set; `kompeten keys create --into DIR` makes the file")


@lru_cache(maxsize=8)
def _private(file: Path) -> Ed25519PrivateKey:
    key = load_pem_private_key(_read(file), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyMissing(f"{file} holds no Ed25519 private key")
    return key


@lru_cache(maxsize=8)
def _public(file: Path) -> Ed25519PublicKey:
    key = load_pem_public_key(_read(file))
    if not isinstance(key, Ed25519PublicKey):
        raise KeyMissing(f"{file} holds no Ed25519 public key")
    return key


@lru_cache(maxsize=8)
def _encryption(file: Path) -> tuple[bytes, ...]:
    lines = [line.strip() for line in _read(file).decode("ascii").splitlines() if line.strip()]
    keys = tuple(base64.b64decode(line, validate=True) for line in lines)
    if not keys or any(len(key) != KEY_BYTES for key in keys):
        raise KeyMissing(f"{file} must hold base64 of {KEY_BYTES} bytes on each line")
    return keys


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise KeyMissing(f"{file} cannot be read ({error.strerror}); `kompeten keys create` makes it") from error


def _new_private_pem() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _public_pem(private_pem: bytes) -> bytes:
    key = load_pem_private_key(private_pem, password=None)
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def write_new_file(file: Path, content: bytes) -> bool:
    """Write a whole file that only its owner reads, unless there is one. Returns whether it was written.

    Written aside and linked into place, so that no reader ever sees half a key.
    """
    if file.exists():
        return False
    aside = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        os.link(aside, file)
    except FileExistsError:
        return False
    finally:
        aside.unlink()
    return True
