"""Backups from the command line: made, listed, checked, restored, looked into."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from sqlalchemy.exc import SQLAlchemyError

from kompeten.services import NAMES
from shared.errors import Refusal, Unavailable
from shared.settings import settings


@click.group()
def backup() -> None:
    """Backups of all databases and documents, sealed for the holder of the private key."""


@backup.command("now")
def make_backup_now() -> None:
    """Make a backup now; ends with 1, and leaves the last good one, when anything fails."""
    from kompeten.backups.making import make_backup
    from shared.objectstore import object_store

    _start_logging()
    with _failures_told():
        click.echo(make_backup(settings(), object_store()))


@backup.command("timer")
def make_backups_daily() -> None:
    """Make a backup every day at KOMPETEN_BACKUP_AT, for ever; at once when the last good one is too old."""
    from kompeten.backups.timer import run_timer
    from shared.objectstore import object_store

    _start_logging()
    run_timer(settings(), object_store())


@backup.command("list")
def list_all() -> None:
    """The backups there are, the newest first; ends with 1 when one does not say what is in it."""
    from kompeten.backups.keeping import list_backups
    from kompeten.backups.manifest import BackupUnfit, read_manifest

    unfit = False
    for folder in list_backups(settings().backup_dir):
        try:
            manifest = read_manifest(folder)
        except BackupUnfit as error:
            unfit = True
            click.echo(f"{folder}\tUNFIT: {error}")
            continue
        size = sum(file.size for file in manifest.files)
        click.echo(f"{folder}\t{manifest.rows} rows\t{manifest.documents.count} documents\t{size} bytes")
    click.get_current_context().exit(1 if unfit else 0)


@backup.command("check")
@click.argument("folder", type=click.Path(file_okay=False, exists=True, path_type=Path))
def check(folder: Path) -> None:
    """Whether every file of a backup is what was written; needs no key."""
    from kompeten.backups.manifest import check_backup

    with _failures_told():
        manifest = check_backup(folder)
        click.echo(f"{len(manifest.files)} files as they were written at {manifest.ended_at:%Y-%m-%d %H:%M} UTC")


@backup.command("secrets")
def seal_secrets_from_input() -> None:
    """Seal an archive of the secrets, from standard input, into the folder of backups."""
    from kompeten.backups.making import seal_secrets

    with _failures_told():
        click.echo(seal_secrets(settings(), sys.stdin.buffer))


@backup.command("restore")
@click.argument("folder", type=click.Path(file_okay=False, exists=True, path_type=Path))
def restore_system(folder: Path) -> None:
    """Restore a backup into empty databases; refuses what is altered, live or not empty before it touches anything."""
    from kompeten.backups.restoring import restore_backup
    from shared.objectstore import object_store

    _start_logging()
    identity = settings().backup_identity_file
    if identity is None:
        raise click.UsageError("KOMPETEN_BACKUP_IDENTITY_FILE names no private key")
    with _failures_told():
        manifest = restore_backup(folder, identity, object_store())
        click.echo(f"restored: {manifest.rows} rows, {manifest.documents.count} documents")


@backup.command("look")
@click.argument("service", type=click.Choice(NAMES))
def look(service: str) -> None:
    """Read the whole audit log of a restored service and verify its newest certificate; ends with 1 when one fails."""
    from kompeten.backups.looking import look_into
    from shared.database.opened import database_of
    from shared.objectstore import object_store

    with _failures_told():
        found = look_into(database_of(service), object_store())
        newest = f", the newest at {found.newest:%Y-%m-%d %H:%M} UTC" if found.newest else ""
        click.echo(f"{service}: {found.acts} acts in the log{newest}")
        if found.number:
            click.echo(f"{found.number}: {found.failed or 'genuine'}")
        if found.failed:
            raise click.ClickException("the newest certificate does not verify")


def _start_logging() -> None:
    from shared.runtime.logs import start_logging

    start_logging(settings().log_level)


@contextmanager
def _failures_told() -> Iterator[None]:
    """What ends a backup or a restore, in a line; the exit status is 1."""
    from kompeten.backups.databases import NotPostgreSQL
    from kompeten.backups.making import CannotBackUp
    from kompeten.backups.manifest import BackupUnfit
    from kompeten.backups.sealing import ProgramFailed

    expected = (CannotBackUp, BackupUnfit, ProgramFailed, NotPostgreSQL, SQLAlchemyError, OSError)
    try:
        yield
    except (*expected, Unavailable, Refusal) as error:
        raise click.ClickException(f"{type(error).__name__}: {error}") from error
