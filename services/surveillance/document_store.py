"""Where the bytes of evidence rest: encrypted, in the object store (UU 27/2022).

Network and disk are touched here, so never call it inside a unit of work.
"""

from uuid import UUID, uuid4

from services.surveillance.commands.reporting import Uploaded
from shared.objectstore import object_store
from shared.security.encryption import decrypt_bytes, encrypt_bytes
from shared.web.uploads import Upload


def keep_evidence(surveillance_id: UUID, upload: Upload) -> Uploaded:
    """Store the bytes encrypted; what comes back is for a row, which must still name them. Raises StoreUnavailable."""
    document_id = uuid4()
    key = f"surveillance/{surveillance_id}/{document_id}"
    object_store().put(key, encrypt_bytes(upload.data, key), "application/octet-stream")
    return Uploaded(document_id, upload.name, upload.content_type, len(upload.data), upload.sha256, key)


def fetch_evidence(key: str) -> bytes:
    """The document as it was uploaded. Raises NotFound, StoreUnavailable; NotReadable for bytes tampered with."""
    return decrypt_bytes(object_store().get(key), key)
