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
from shared.kept_files.keeping import keep_file
from shared.kept_files.lost import read_kept_file
from shared.objectstore.orphans import Uploads
from shared.security.actor import Actor
from shared.uploads.reading import read_file
from shared.web.heavy import charging_heavy_files
from shared.web.uploads import Upload

PREFIX = "surveillance/"


def keep_evidence(actor: Actor, surveillance_id: UUID, upload: Upload) -> Uploaded:
    """Read the file and store what is kept of it encrypted; what comes back is for a row, which must still name it.

    Raises what `charging_heavy_files` and `read_file` raise, and StoreUnavailable.
    """
    with charging_heavy_files(str(actor.id)):
        read = read_file(upload)
    document_id = uuid4()
    key = f"{PREFIX}{surveillance_id}/{document_id}"
    keep_file(EVIDENCE, key, read.data, fresh=True)
    return Uploaded(document_id, read, key)


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
