"""Identity numbers and scans are encrypted at rest (UU 27/2022): AES-256-GCM, under keys that can be rolled.

What is stored begins with the id of its key, which is derived from the key itself. To roll: put a new line on top of
the key file, restart; what is written from then on uses the new key, what is there stays readable for as long as the
old line stays.
"""

import base64
import binascii
import hmac
import os
from functools import lru_cache
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from shared.security.keys import encryption_keys

ID_BYTES = 4
NONCE_BYTES = 12


class NotReadable(ValueError):
    """Stored content that no key opens: damaged, moved to another column, or its key is gone from the key file."""


def encrypt_bytes(data: bytes, context: str = "") -> bytes:
    """`data` encrypted with the newest key: key id (4 bytes), nonce (12), ciphertext with its tag (AES-256-GCM).

    `context` says what the bytes belong to; they open only with the same one again.
    """
    key = encryption_keys()[0]
    nonce = os.urandom(NONCE_BYTES)
    return _key_id(key) + nonce + AESGCM(_derived(key, "encrypt")).encrypt(nonce, data, context.encode())


def decrypt_bytes(blob: bytes, context: str = "") -> bytes:
    """The bytes that `encrypt_bytes` was given. Raises NotReadable for an unknown key or context, or altered bytes."""
    for key in encryption_keys():
        if blob[:ID_BYTES] == _key_id(key):
            nonce, rest = blob[ID_BYTES : ID_BYTES + NONCE_BYTES], blob[ID_BYTES + NONCE_BYTES :]
            try:
                return AESGCM(_derived(key, "encrypt")).decrypt(nonce, rest, context.encode())
            except (InvalidTag, ValueError) as error:
                raise NotReadable("damaged, or of another column") from error
    raise NotReadable(f"no key with id {blob[:ID_BYTES].hex()}")


def encrypt_text(text: str, context: str = "") -> str:
    """`text` encrypted as `encrypt_bytes` does it, in base64."""
    return base64.urlsafe_b64encode(encrypt_bytes(text.encode(), context)).decode()


def decrypt_text(sealed: str, context: str = "") -> str:
    """The text that `encrypt_text` was given. Raises NotReadable."""
    try:
        blob = base64.urlsafe_b64decode(sealed)
    except (binascii.Error, ValueError) as error:
        raise NotReadable("not base64") from error
    return decrypt_bytes(blob, context).decode()


def blind_index(value: str, context: str = "") -> str:
    """A keyed hash of `value` (64 hex digits), by which what is stored encrypted is found and kept unique.

    Derived from the oldest key (the last line of the file), so that rolling does not lose anybody.
    """
    # Not the newest: every stored index would have to be made anew with each new key.
    key = _derived(encryption_keys()[-1], "blind index")
    return hmac.new(key, f"{context}\0{value}".encode(), sha256).hexdigest()


class EncryptedText(TypeDecorator[str]):
    """A text column that the database sees encrypted only; it cannot be searched (see `blind_index`).

    `context` binds the content to its column: copied into another one it does not open.
    """

    impl = Text
    cache_ok = True

    def __init__(self, context: str = "") -> None:
        super().__init__()
        self.context = context

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else encrypt_text(value, self.context)

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else decrypt_text(value, self.context)


@lru_cache(maxsize=32)
def _derived(key: bytes, purpose: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"kompeten {purpose}".encode()).derive(key)


@lru_cache(maxsize=32)
def _key_id(key: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=ID_BYTES, salt=None, info=b"kompeten key id").derive(key)
