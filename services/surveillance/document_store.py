"""Where the bytes of evidence rest: encrypted, in the object store (UU 27/2022).

Network and disk are touched here, so never call it inside a unit of work.
"""

from collections.abc import Sequence
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.surveillance.commands.reporting import Uploaded
from services.surveillance.encrypted_kinds import EVIDENCE
from services.surveillance.models import Document
from shared.active_content.examining import examine_upload
from shared.kept_files.keeping import keep_file
from shared.kept_files.lost import read_kept_file
from shared.objectstore.orphans import Uploads
from shared.security.actor import Actor
from shared.web.heavy import charging_heavy_files
from shared.web.uploads import Upload

PREFIX = "surveillance/"


def keep_evidence(actor: Actor, surveillance_id: UUID, upload: Upload) -> Uploaded:
    """Examine the bytes and store them encrypted; what comes back is for a row, which must still name them.

    Raises what `charging_heavy_files` and `examine_upload` raise, and StoreUnavailable.
    """
    with charging_heavy_files(str(actor.id)):
        found = examine_upload(upload.data, upload.content_type)
    document_id = uuid4()
    key = f"{PREFIX}{surveillance_id}/{document_id}"
    keep_file(EVIDENCE, key, upload.data, fresh=True)
    return Uploaded(document_id, upload.name, upload.content_type, len(upload.data), upload.sha256, key, found)


def fetch_evidence(key: str) -> bytes:
    """The document as it was uploaded. Raises StoreUnavailable, and FileLost for bytes gone or tampered with."""
    return read_kept_file(key, EVIDENCE)


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
