"""Uploaded evidence: encrypted before it leaves for the object store, outside of any transaction."""

from uuid import UUID, uuid4

from services.surveillance.commands.reporting import Uploaded
from shared.objectstore import object_store
from shared.security.encryption import decrypt_bytes, encrypt_bytes
from shared.web.uploads import Upload


def keep_evidence(surveillance_id: UUID, upload: Upload) -> Uploaded:
    """Keep the bytes; a row must still name them. May raise StoreUnavailable."""
    document_id = uuid4()
    key = f"surveillance/{surveillance_id}/{document_id}"
    object_store().put(key, encrypt_bytes(upload.data, key), "application/octet-stream")
    return Uploaded(document_id, upload.name, upload.content_type, len(upload.data), upload.sha256, key)


def fetch_evidence(key: str) -> bytes:
    """The document as it was uploaded. May raise StoreUnavailable, NotReadable."""
    return decrypt_bytes(object_store().get(key), key)
