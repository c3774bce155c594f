"""Writing files encrypted, and writing them anew under another key."""

import hashlib

from shared.errors import Conflict
from shared.objectstore import object_store
from shared.runtime.offload import offload
from shared.security.encryption import Kind, NotReadable, decrypt_bytes, encrypt_bytes

CONTENT_TYPE = "application/octet-stream"


def keep_file(kind: Kind, key: str, content: bytes, *, fresh: bool = False) -> None:
    """Store `content` encrypted under `key`; the same content again is fine, as jobs are done twice.

    `fresh`: nobody ever stored under this key. Raises Conflict for other content, and StoreUnavailable.
    """
    store = object_store()
    try:
        # The key is the context as well: bytes that were moved under another one do not open.
        store.put(key, offload(encrypt_bytes, kind, content, key), CONTENT_TYPE, fresh=fresh)
    except Conflict:
        if not _is_same(kind, key, store.get(key), content):
            raise


def encrypt_anew(kind: Kind, key: str, stored: bytes, sha256: str) -> bytes:
    """What is stored under `key`, encrypted with the newest key of its kind.

    Raises NotReadable also when its content has not that SHA-256 (hex), where one is known.
    """
    content = decrypt_bytes(kind, stored, key)
    if sha256 and hashlib.sha256(content).hexdigest() != sha256:
        raise NotReadable("other content than the register knows")
    return encrypt_bytes(kind, content, key)


def _is_same(kind: Kind, key: str, stored: bytes, content: bytes) -> bool:
    try:
        return offload(decrypt_bytes, kind, stored, key) == content
    except NotReadable:
        return False
