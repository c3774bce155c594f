"""What is personal is encrypted at rest (UU 27/2022): AES-256-GCM, under keys of one service and one kind of content.

What is stored begins with its kind and the id of its key, so that keys can be rolled (a new one on top of the ring),
everything be encrypted anew (`kompeten encryption reencrypt`), and the earlier keys be retired. What was encrypted
before kinds were stays readable for as long as the key is there that services shared then.
"""

import base64
import binascii
import hmac
import os
from dataclasses import dataclass
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

from shared.security.keyrings import ID_BYTES, RingKey, find_ring_keys

MAGIC = b"kpt2"
NONCE_BYTES = 12
START_BYTES = 64
"""So many bytes from the start of what is stored tell its kind and key."""
INDEX_DIGITS = 64


class NotReadable(ValueError):
    """Stored content that no key opens: damaged, moved to another place, or its key is gone from the ring."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What is encrypted: `name` (a short word) is a kind of content, `ring` the keys it is encrypted under.

    `was_clear`: files of this kind were stored as they are once, and those that still are so are read all the same;
    whoever reads them compares their SHA-256.
    """

    ring: str
    name: str
    was_clear: bool = False


def encrypt_bytes(kind: Kind, data: bytes, context: str = "") -> bytes:
    """`data` encrypted with the newest key: `kpt2`, length and name of the kind, key id (4), nonce (12), ciphertext.

    `context` says what the bytes belong to; they open only with the same one again. Raises KeyMissing.
    """
    key = find_ring_keys(kind.ring)[0]
    header, nonce = _header(kind, key), os.urandom(NONCE_BYTES)
    cipher = AESGCM(_derived(key, f"{kind.ring} {kind.name} encrypt"))
    return header + nonce + cipher.encrypt(nonce, data, header + context.encode())


def decrypt_bytes(kind: Kind, blob: bytes, context: str = "") -> bytes:
    """The bytes that `encrypt_bytes` was given.

    Raises NotReadable for altered bytes, another kind or context, and an unknown key; KeyMissing for a ring that this
    process has not got.
    """
    keys = find_ring_keys(kind.ring)
    if not blob.startswith(MAGIC):
        return _decrypt_earlier(kind, keys, blob, context)
    for key in keys:
        header = _header(kind, key)
        if blob.startswith(header):
            cipher = AESGCM(_derived(key, f"{kind.ring} {kind.name} encrypt"))
            return _opened(cipher, blob[len(header) :], header + context.encode())
    raise NotReadable(f"of another kind than {kind.name}, or under a key that is gone")


def encrypt_text(kind: Kind, text: str, context: str = "") -> str:
    """`text` encrypted as `encrypt_bytes` does it, in base64."""
    return base64.urlsafe_b64encode(encrypt_bytes(kind, text.encode(), context)).decode()


def decrypt_text(kind: Kind, sealed: str, context: str = "") -> str:
    """The text that `encrypt_text` was given. Raises NotReadable."""
    return decrypt_bytes(kind, _decoded(sealed), context).decode()


def is_newest(kind: Kind, start: bytes) -> bool:
    """Whether what is stored, which begins with `start`, is encrypted with the newest key of its kind."""
    return start.startswith(_header(kind, find_ring_keys(kind.ring)[0]))


def is_newest_text(kind: Kind, sealed: str) -> bool:
    """Whether an encrypted text (base64) was made with the newest key of its kind; False for what is none."""
    try:
        return is_newest(kind, _decoded(sealed[: START_BYTES * 4]))
    except NotReadable:
        return False


def is_under_earlier_key(ring: str, text: str) -> bool:
    """Whether `text` is an encrypted one, of whatever kind, under a key of the ring that is not its newest."""
    try:
        start = _decoded(text[: START_BYTES * 4])
    except NotReadable:
        return False
    if not start.startswith(MAGIC) or len(start) == len(MAGIC):
        return False
    after_name = len(MAGIC) + 1 + start[len(MAGIC)]
    found = start[after_name : after_name + ID_BYTES]
    newest, *earlier = find_ring_keys(ring)
    return found != newest.id and found in {key.id for key in earlier}


def blind_index(kind: Kind, value: str, context: str = "") -> str:
    """A keyed hash of `value` (64 hex digits), by which what is stored encrypted is found and kept unique.

    It begins with the id of its key (8 digits), the newest of the ring. Raises KeyMissing.
    """
    return _index(kind, find_ring_keys(kind.ring)[0], value, context)


def list_blind_indexes(kind: Kind, value: str, context: str = "") -> tuple[str, ...]:
    """The hash of `value` under each key of the ring, the newest first, as it may have been stored at any time.

    The last one is that of before hashes named their key, where the ring still has the key for it.
    """
    keys = find_ring_keys(kind.ring)
    found = tuple(_index(kind, key, value, context) for key in keys)
    earlier = [key for key in keys if key.shared][-1:]
    return found + tuple(_hmac(key, "blind index", value, context) for key in earlier)


def is_newest_index(kind: Kind, index: str) -> bool:
    """Whether a keyed hash was made with the newest key of the ring."""
    return index.startswith(find_ring_keys(kind.ring)[0].id.hex())


class EncryptedText(TypeDecorator[str]):
    """A text column that the database sees encrypted only; it cannot be searched (see `blind_index`).

    `context` binds the content to its column: copied into another one it does not open.
    """

    impl = Text
    cache_ok = True

    def __init__(self, kind: Kind, context: str = "") -> None:
        super().__init__()
        self.kind = kind
        self.context = context

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else encrypt_text(self.kind, value, self.context)

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else decrypt_text(self.kind, value, self.context)


def _decrypt_earlier(kind: Kind, keys: tuple[RingKey, ...], blob: bytes, context: str) -> bytes:
    """What was encrypted under the one key of all services: its id, nonce, ciphertext; or not at all."""
    for key in keys:
        if key.shared and blob[:ID_BYTES] == key.id:
            return _opened(AESGCM(_derived(key, "encrypt")), blob[ID_BYTES:], context.encode())
    if kind.was_clear:
        return blob
    raise NotReadable(f"no key with id {blob[:ID_BYTES].hex()}")


def _opened(cipher: AESGCM, blob: bytes, bound: bytes) -> bytes:
    try:
        return cipher.decrypt(blob[:NONCE_BYTES], blob[NONCE_BYTES:], bound)
    except (InvalidTag, ValueError) as error:
        raise NotReadable("damaged, or of another place") from error


def _decoded(sealed: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(sealed)
    except (binascii.Error, ValueError) as error:
        raise NotReadable("not base64") from error


@lru_cache(maxsize=128)
def _header(kind: Kind, key: RingKey) -> bytes:
    name = kind.name.encode("ascii")
    return MAGIC + bytes([len(name)]) + name + key.id


def _index(kind: Kind, key: RingKey, value: str, context: str) -> str:
    hashed = _hmac(key, f"{kind.ring} {kind.name} index", value, context)
    return key.id.hex() + hashed[: INDEX_DIGITS - 2 * ID_BYTES]


def _hmac(key: RingKey, purpose: str, value: str, context: str) -> str:
    return hmac.new(_derived(key, purpose), f"{context}\0{value}".encode(), sha256).hexdigest()


@lru_cache(maxsize=128)
def _derived(key: RingKey, purpose: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"kompeten {purpose}".encode()).derive(key.secret)
