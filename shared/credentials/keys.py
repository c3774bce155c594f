"""The key that signs credentials: Ed25519, held by the certificate service alone; its public half for everybody.

A key's id is its public half as a Multikey (`z6Mk…`), so that a proof names the very key it was made with.
"""

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

from shared.credentials.multibase import decode_base58, encode_base58
from shared.durable import create_file
from shared.settings import settings

ED25519_PUBLIC = b"\xed\x01"
"""The multicodec of an Ed25519 public key; a Multikey is this and the 32 bytes."""
SHORT = 4
"""Bytes of a key's short id."""
FILE = "credential-key.pem"


class CredentialKeyUnfit(RuntimeError):
    """The key cannot sign; the message says what the operator must do."""


class CredentialKey(Protocol):
    """Whoever can sign a credential: a key of our own, or one in somebody's vault."""

    @property
    def id(self) -> str:
        """The public half as a Multikey, `z6Mk…`."""

    @property
    def short_id(self) -> bytes:
        """Four bytes that tell the keys of one issuer apart, for where room is scarce."""

    def sign(self, data: bytes) -> bytes:
        """The Ed25519 signature, 64 bytes; the same for the same data."""


class LocalKey:
    """A key on this machine."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key
        self.public = PublicKey(key.public_key().public_bytes_raw())
        self.id, self.short_id = self.public.id, self.public.short_id

    @classmethod
    def from_file(cls, file: Path) -> "LocalKey":
        """From a PEM file. Raises CredentialKeyUnfit."""
        try:
            key = load_pem_private_key(file.read_bytes(), password=None)
        except (OSError, ValueError, TypeError) as error:
            raise CredentialKeyUnfit(f"The credential key cannot be read: {error}") from error
        if not isinstance(key, Ed25519PrivateKey):
            raise CredentialKeyUnfit(f"{file} holds no Ed25519 key; `kompeten keys create` makes one.")
        return cls(key)

    def sign(self, data: bytes) -> bytes:
        return self._key.sign(data)


class PublicKey:
    """The public half: all that checking needs. `raw` is its 32 bytes."""

    def __init__(self, raw: bytes) -> None:
        self._key = Ed25519PublicKey.from_public_bytes(raw)
        self.id = encode_base58(ED25519_PUBLIC + raw)
        self.short_id = hashlib.sha256(raw).digest()[:SHORT]

    @classmethod
    def from_multikey(cls, text: str) -> "PublicKey":
        """From `z6Mk…`. Raises ValueError."""
        raw = decode_base58(text)
        if not raw.startswith(ED25519_PUBLIC):
            raise ValueError("not an Ed25519 key")
        return cls(raw[len(ED25519_PUBLIC) :])

    def signed(self, signature: bytes, data: bytes) -> bool:
        """Whether `signature` is this key's over `data`."""
        try:
            self._key.verify(signature, data)
        except InvalidSignature:
            return False
        return True


def create_credential_key(file: Path) -> bool:
    """Make `file` with a new key, readable by its owner alone, unless there is one. Returns whether it was made."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return create_file(file, pem)


@lru_cache(maxsize=1)
def credential_key() -> CredentialKey:
    """The key of this process: the operator's file, or on an embedded system one of its own.

    Raises CredentialKeyUnfit where there is none.
    """
    chosen = settings()
    if chosen.credential_key_file:
        return LocalKey.from_file(chosen.credential_key_file)
    if not chosen.embedded:
        raise CredentialKeyUnfit("Set KOMPETEN_CREDENTIAL_KEY_FILE; `kompeten keys create` makes the file.")
    file = chosen.data_dir / "signing" / FILE
    create_credential_key(file)
    return LocalKey.from_file(file)
