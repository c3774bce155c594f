"""Where the bytes of documents rest: encrypted, under random names, in the object store (UU 27/2022).

Network and disk are touched here, so never call it inside a unit of work.
"""

from collections.abc import Sequence
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.registration.encrypted_kinds import DOCUMENT
from services.registration.models import Document
from shared.kept_files.keeping import keep_file
from shared.kept_files.lost import read_kept_file
from shared.objectstore.orphans import Uploads

PREFIX = "documents/"


def store_document(data: bytes) -> str:
    """Store the bytes encrypted and return their key, which tells nothing of them. Raises StoreUnavailable."""
    name = uuid4().hex
    key = f"{PREFIX}{name[:2]}/{name}"
    keep_file(DOCUMENT, key, data, fresh=True)
    return key


def fetch_document(key: str, sha256: str = "") -> bytes:
    """Return the bytes stored under `key`, decrypted; those with this SHA-256 (hex) where one is given.

    Raises StoreUnavailable, and FileLost for bytes that are gone or were tampered with.
    """
    return read_kept_file(key, DOCUMENT, sha256=sha256)


def find_owned_documents(session: Session, keys: Sequence[str]) -> set[str]:
    """Those of `keys` that a row names. Rows stay: a removed document belongs to the rounds it was filed with."""
    return set(session.scalars(select(Document.key).where(Document.key.in_(keys))))


UPLOADS = Uploads(PREFIX, find_owned_documents)
