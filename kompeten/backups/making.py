"""Making a backup: whole or not at all, and never at the cost of the last good one."""

import fcntl
import json
import logging
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO

from kompeten.backups.databases import dump_database, hold_snapshots
from kompeten.backups.documents import pack_documents
from kompeten.backups.keeping import GOOD, choose_kept, list_backups, name_backup, read_moment
from kompeten.backups.manifest import KeptDocuments, Manifest, describe_file, write_manifest
from kompeten.backups.sealing import seal_into
from kompeten.services import NAMES
from shared.clock import real_now
from shared.durable import replace_file, sync_to_disk
from shared.objectstore.port import ObjectStore
from shared.settings import Settings
from shared.version import read_version

log = logging.getLogger(__name__)

PART = ".part"
SECRETS = "secrets-"
SECRETS_KEPT = 10
"""Archives of the secrets that are kept; a new one is made when they change."""
END_OF_ARCHIVE = bytes(1024)
"""With these every tar archive ends (POSIX); one that was cut off does not."""
PIECE = 1 << 16


class CannotBackUp(RuntimeError):
    """A backup cannot even begin: for nobody's key, or while another is being made."""


def make_backup(config: Settings, store: ObjectStore) -> Path:
    """Back up every database, then all documents; the folder of the new backup.

    It has another name until it is whole. Older ones that are not to be kept go afterwards, and only then the time of
    the last good backup is written. Raises CannotBackUp, ProgramFailed, StoreUnavailable, SQLAlchemyError and OSError;
    then everything is as it was before.
    """
    recipients = find_recipients(config)
    with _alone(config.backup_dir):
        began_at = real_now()
        made = config.backup_dir / name_backup(began_at)
        if made.exists():
            raise CannotBackUp(f"{made} is there already: another began within this second")
        with _whole_or_nothing(made) as folder:
            databases = []
            with hold_snapshots(NAMES) as snapshots:
                # databases first: a document that no row names does no harm, a row without its document does
                for snapshot in snapshots:
                    databases.append(dump_database(snapshot, folder, recipients))
                    log.info("backup %s: %s, %d rows", made.name, snapshot.service, sum(databases[-1].rows.values()))
            documents: KeptDocuments = pack_documents(store, folder, recipients)
            log.info("backup %s: %d documents, %d bytes", made.name, documents.count, documents.size)
            manifest = Manifest(
                began_at=began_at,
                ended_at=real_now(),
                version=read_version(),
                databases=databases,
                documents=documents,
            )
            write_manifest(folder, manifest)
        remove_old_backups(config, began_at)
        note_good_backup(config, made, manifest)
    return made


def seal_secrets(config: Settings, archive: IO[bytes]) -> Path:
    """Seal a tar archive of the secrets, which is read to its end, and return the file; the newest ones are kept.

    Raises CannotBackUp when the archive is empty or cut off, also without a public key; ProgramFailed and OSError. The
    archives that were there stay then.
    """
    recipients = find_recipients(config)
    config.backup_dir.mkdir(parents=True, exist_ok=True)
    file = config.backup_dir / f"{SECRETS}{name_backup(real_now())}.tar.age"
    draft = file.with_name(f".{file.name}{PART}")
    try:
        with seal_into(draft, recipients) as sealed:
            end = b""
            while piece := archive.read(PIECE):
                sealed.write(piece)
                end = (end + piece)[-len(END_OF_ARCHIVE) :]
            if end != END_OF_ARCHIVE:
                raise CannotBackUp("the archive of the secrets is empty or cut off: nothing was sealed")
        sync_to_disk(draft)
        draft.rename(file)
        sync_to_disk(config.backup_dir)
    finally:
        draft.unlink(missing_ok=True)
    for old in sorted(config.backup_dir.glob(f"{SECRETS}*.tar.age"))[:-SECRETS_KEPT]:
        old.unlink()
    return file


def find_recipients(config: Settings) -> Path:
    """The file with the public keys backups are sealed for. Raises CannotBackUp when there is none in it."""
    file = config.backup_recipients_file
    lines = file.read_text().splitlines() if file and file.is_file() else []
    if file is None or not any(line.strip() and not line.startswith("#") for line in lines):
        raise CannotBackUp(f"no public key in KOMPETEN_BACKUP_RECIPIENTS_FILE ({file}): nobody could open the backup")
    return file


def remove_old_backups(config: Settings, now: datetime) -> list[Path]:
    """Remove the backups that the rules of keeping leave out. Returns them."""
    moments = {path: moment for path in list_backups(config.backup_dir) if (moment := read_moment(path.name))}
    kept = choose_kept(moments.values(), now, config.backup_days, config.backup_weeks)
    gone = [path for path, moment in moments.items() if moment not in kept]
    for path in gone:
        shutil.rmtree(path)
        log.info("backup %s is not kept any longer", path.name)
    return gone


def note_good_backup(config: Settings, made: Path, manifest: Manifest) -> None:
    """Write when the last good backup was, where `watch` and `status` look (`KOMPETEN_BACKUP_FILE`)."""
    file = config.backup_file or config.backup_dir / GOOD
    facts = {"backup": made.name, "rows": manifest.rows, "documents": manifest.documents.count}
    told = json.dumps({**facts, "sha256": describe_file(made / "manifest.json").sha256}) + "\n"
    replace_file(file, told.encode(), 0o644)


@contextmanager
def _alone(directory: Path) -> Iterator[None]:
    """Nobody else makes a backup here at the same time, in another container either. Raises CannotBackUp."""
    directory.mkdir(parents=True, exist_ok=True)
    with (directory / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotBackUp("another backup is being made just now") from None
        yield


@contextmanager
def _whole_or_nothing(made: Path) -> Iterator[Path]:
    """A folder that gets its name when the block is through, and is gone when it is not."""
    for left in made.parent.glob(f".*Z{PART}"):  # of a process that was killed
        shutil.rmtree(left)
    folder = made.with_name(f".{made.name}{PART}")
    folder.mkdir()
    try:
        yield folder
        for path in folder.iterdir():
            path.chmod(0o644)  # sealed: whoever may enter the folder may carry it away
            sync_to_disk(path)
        folder.chmod(0o755)
        sync_to_disk(folder)
        folder.rename(made)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    sync_to_disk(made.parent)
