"""Putting a backup into an empty system. Everything is looked at before anything is touched."""

import logging
from pathlib import Path

from kompeten.backups.databases import check_database, restore_database
from kompeten.backups.documents import unpack_documents
from kompeten.backups.manifest import BackupUnfit, Manifest, check_backup
from kompeten.backups.sealing import check_identity
from kompeten.services import NAMES
from shared.objectstore.port import ObjectStore

log = logging.getLogger(__name__)


def restore_backup(folder: Path, identity: Path, store: ObjectStore) -> Manifest:
    """Restore the backup in `folder`: first the documents, which may be put twice, then the databases.

    Stops at the first failure. Raises BackupUnfit before anything is touched when a file is not what was written, when
    a database is not empty or in use, or when it comes from a newer version; ProgramFailed when the key does not fit.
    """
    manifest = check_backup(folder)
    if {database.service for database in manifest.databases} != set(NAMES):
        raise BackupUnfit("it holds the databases of other services than this version has")
    for file in manifest.files:
        check_identity(folder / file.name, identity)
    for database in manifest.databases:
        check_database(database)
    log.info("backup %s is whole and fits; the databases are empty", folder.name)
    unpack_documents(manifest.documents, folder, identity, store)
    log.info("%d documents are back", manifest.documents.count)
    for database in manifest.databases:
        restore_database(database, folder, identity)
        log.info("%s: %d rows are back, as many as were dumped", database.service, sum(database.rows.values()))
    return manifest
