"""All documents of the object store: packed into one archive, and put back under their own keys."""

import io
import tarfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import IO

from kompeten.backups.manifest import BackupUnfit, KeptDocuments, describe_file
from kompeten.backups.sealing import open_sealed, seal_into
from shared.clock import real_now
from shared.errors import NotFound
from shared.objectstore.port import PROBE, ObjectStore

FILE = "documents.tar.age"
TYPE, LOCKED = "KOMPETEN.type", "KOMPETEN.locked"
"""What the archive notes of each document beside its bytes: its type, and until when it is locked (ISO 8601)."""


def pack_documents(store: ObjectStore, folder: Path, recipients: Path) -> KeptDocuments:
    """Copy every document into `folder`, sealed. Raises ProgramFailed and StoreUnavailable."""
    file = folder / FILE
    count = size = 0
    with seal_into(file, recipients) as sealed, tarfile.open(fileobj=sealed, mode="w|") as archive:
        for key in store.keys(""):
            if key == PROBE:
                continue
            try:
                found = store.fetch(key)
            except NotFound:
                continue  # an upload that no record named, swept since it was listed
            entry = tarfile.TarInfo(key)
            entry.size = len(found.data)
            locked = {LOCKED: found.keep_until.isoformat()} if found.keep_until else {}
            entry.pax_headers = {TYPE: found.content_type, **locked}
            archive.addfile(entry, io.BytesIO(found.data))
            count, size = count + 1, size + entry.size
    return KeptDocuments(file=describe_file(file), count=count, size=size)


def unpack_documents(kept: KeptDocuments, folder: Path, identity: Path, store: ObjectStore) -> None:
    """Put every document back, locked for as long as it was. What is there already stays; safe to repeat.

    Raises ProgramFailed, StoreUnavailable, Conflict where other bytes lie under a key, and BackupUnfit.
    """
    count = size = 0
    with open_sealed(folder / kept.file.name, identity) as opened:
        for entry, data in _read_archive(opened):
            store.put(entry.name, data, entry.pax_headers.get(TYPE, ""), keep_until=_still_locked(entry))
            count, size = count + 1, size + len(data)
    if (count, size) != (kept.count, kept.size):
        raise BackupUnfit(f"{kept.file.name}: {count} documents of {size} bytes, not {kept.count} of {kept.size}")


def _read_archive(opened: IO[bytes]) -> Iterator[tuple[tarfile.TarInfo, bytes]]:
    try:
        with tarfile.open(fileobj=opened, mode="r|") as archive:
            for entry in archive:
                content = archive.extractfile(entry)
                if content is not None:
                    yield entry, content.read()
    except tarfile.TarError as error:
        raise BackupUnfit(f"the archive of documents ends badly: {error}") from error


def _still_locked(entry: tarfile.TarInfo) -> datetime | None:
    until = entry.pax_headers.get(LOCKED)
    locked = datetime.fromisoformat(until) if until else None
    return locked if locked and locked > real_now() else None
