"""Where the bytes of documents rest: encrypted, under random names, in the object store (UU 27/2022).

Network and disk are touched here, so never call it inside a unit of work.
"""

from uuid import uuid4

from shared.objectstore import object_store
from shared.runtime.offload import offload
from shared.security.encryption import decrypt_bytes, encrypt_bytes

CONTENT_TYPE = "application/octet-stream"


def store_document(data: bytes) -> str:
    """Store the bytes encrypted and return their key, which tells nothing of them. Raises StoreUnavailable."""
    name = uuid4().hex
    key = f"documents/{name[:2]}/{name}"
    object_store().put(key, offload(encrypt_bytes, data, key), CONTENT_TYPE)
    return key


def fetch_document(key: str) -> bytes:
    """Return the bytes stored under `key`, decrypted.

    Raises NotFound, StoreUnavailable, and NotReadable for bytes that were tampered with.
    """
    return offload(decrypt_bytes, object_store().get(key), key)
