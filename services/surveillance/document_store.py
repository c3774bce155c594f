"""Where the bytes of evidence rest: encrypted, in the object store (UU 27/2022).

Network and disk are touched here, so never call it inside a unit of work.
"""

from collections.abc import Sequence
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.surveillance.commands.reporting import Uploaded
from services.surveillance.models import Document
from shared.kept_files.lost import read_kept_file
from shared.objectstore import object_store
from shared.objectstore.orphans import Uploads
from shared.security.encryption import decrypt_bytes, encrypt_bytes
from shared.web.uploads import Upload

PREFIX = "surveillance/"


def keep_evidence(surveillance_id: UUID, upload: Upload) -> Uploaded:
    """Store the bytes encrypted; what comes back is for a row, which must still name them. Raises StoreUnavailable."""
    document_id = uuid4()
    key = f"{PREFIX}{surveillance_id}/{document_id}"
    # The key is the context as well: bytes that were moved under another one do not open.
    object_store().put(key, encrypt_bytes(upload.data, key), "application/octet-stream", fresh=True)
    return Uploaded(document_id, upload.name, upload.content_type, len(upload.data), upload.sha256, key)


def fetch_evidence(key: str) -> bytes:
    """The document as it was uploaded. Raises StoreUnavailable, and FileLost for bytes gone or tampered with."""
    return read_kept_file(key, decrypt_bytes)


def find_owned_evidence(session: Session, keys: Sequence[str]) -> set[str]:
    """Those of `keys` that a row names. A key ends with the id of its row, which is looked up in place of the key."""
    ids = {_document_id(key) for key in keys} - {None}
    return set(session.scalars(select(Document.key).where(Document.id.in_(ids)))) & set(keys)


def _document_id(key: str) -> UUID | None:
    try:
        return UUID(key.rpartition("/")[2])
    except ValueError:
        return None


UPLOADS = Uploads(PREFIX, find_owned_evidence)
