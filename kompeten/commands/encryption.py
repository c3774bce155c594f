"""The keys that encrypt at rest: rolled, everything brought under the newest one, the earlier ones retired."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile

import click
from sqlalchemy.exc import SQLAlchemyError

from kompeten.services import NAMES, find_service
from shared.database.opened import database_of
from shared.database.unit import DatabaseAway
from shared.kept_files.reencrypting import count_old_files, reencrypt_files
from shared.objectstore import StoreUnavailable, object_store
from shared.security.key_files import KeyMissing
from shared.security.keyrings import FOLDER, RINGS, find_ring_file, find_ring_keys, read_ring, retire_ring, roll_ring
from shared.security.reencryption import Tally, count_old_rows, kind_of, list_encrypted_columns, reencrypt_column

SETTLED_SECONDS = 300
"""How long after a roll keys may be retired, seconds: whoever began to write before it has long ended then."""

folder = click.option(
    "--into",
    type=click.Path(file_okay=False, exists=True, path_type=Path),
    required=True,
    help="The folder that `keys create` made.",
)
ring = click.argument("ring", type=click.Choice(list(RINGS)))
service = click.argument("service", type=click.Choice([name for name in NAMES if name in RINGS.values()]))


@click.group()
def encryption() -> None:
    """Keys that encrypt at rest, a ring for each service and one for photos (docs/operations/keys.md)."""


@encryption.command("roll")
@ring
@folder
def begin_new_key(ring: str, into: Path) -> None:
    """Put a new key on top of RING. It counts at once, everywhere; the earlier ones still open what they encrypted."""
    try:
        roll_ring(into / FOLDER, ring)
    except KeyMissing as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{ring}: a new key encrypts from now on; next: kompeten encryption reencrypt {RINGS[ring]}")


@encryption.command("reencrypt")
@service
def encrypt_service_anew(service: str) -> None:
    """Bring all that SERVICE keeps under the newest keys, while it runs. Safe to interrupt and to repeat."""
    with _plain_refusals():
        wrong = 0
        for tally in _reencrypt_all(service):
            click.echo(f"{tally.what}: {tally.seen} looked at, {tally.changed} encrypted anew")
            if tally.unreadable:
                click.echo(f"{tally.what}: {tally.unreadable} open with no key of {tally.ring}", err=True)
            wrong += tally.unreadable
    click.get_current_context().exit(1 if wrong else 0)


@encryption.command("report")
@service
def report_keys_in_use(service: str) -> None:
    """What of SERVICE needs an earlier key, a line each; ends with 1 while there is any."""
    with _plain_refusals():
        old = [tally for name, owner in RINGS.items() if owner == service for tally in list_old(name)]
    for tally in old:
        click.echo(_say_old(tally))
    if not old:
        click.echo(f"{service}: nothing needs an earlier key")
    click.get_current_context().exit(1 if old else 0)


@encryption.command("retire")
@ring
@folder
@click.option("--lose", is_flag=True, help="Even if something needs an earlier key: it is lost then.")
def retire_earlier_keys(ring: str, into: Path, lose: bool) -> None:
    """Leave RING its newest key only. Refused while something needs an earlier one, which is said."""
    with _plain_refusals():
        newest = None if lose else _find_key_of_all(ring, into)
        retire_ring(into / FOLDER, ring, newest)
    click.echo(f"{ring}: only the newest key is left")


def list_old(ring: str) -> list[Tally]:
    """What needs an earlier key of a ring; one entry for each column, folder of files or other thing that does.

    Raises StoreUnavailable, DatabaseAway, KeyMissing.
    """
    declared, database = find_service(RINGS[ring]), database_of(RINGS[ring])
    found = [
        count_old_rows(database, column)
        for column in list_encrypted_columns(declared.metadata)
        if kind_of(column).ring == ring
    ]
    found += [
        count_old_files(database, object_store(), register, register.kind)
        for register in declared.files
        if register.kind is not None and register.kind.ring == ring
    ]
    found += [Tally(ring, keyed.what, old=keyed.count_old(database)) for keyed in declared.keyed if keyed.ring == ring]
    return [tally for tally in found if tally.old]


@contextmanager
def _plain_refusals() -> Iterator[None]:
    """What keeps a command from its work is said in one line; it goes on where it was when it is called again."""
    try:
        yield
    except (KeyMissing, StoreUnavailable, DatabaseAway, SQLAlchemyError) as error:
        raise click.ClickException(f"{type(error).__name__}: {error}") from error


def _find_key_of_all(ring: str, into: Path) -> bytes:
    """The id of the ring's newest key, under which everything is. Refuses while something needs an earlier one."""
    file = find_ring_file(into / FOLDER, ring)
    if not file.exists():
        raise KeyMissing(f"{file} is not there; `kompeten keys create` makes it")
    if (waits := file.stat().st_mtime + SETTLED_SECONDS - _read_clock_of(file.parent)) > 0:
        raise click.ClickException(
            f"{ring} was rolled just now: what is being written may need the key for {waits:.0f} s"
        )
    newest = read_ring(file)[0].id
    if find_ring_keys(ring)[0].id != newest:
        raise click.ClickException(f"{file} is not the ring that is in use here: what needs its keys cannot be told")
    if old := list_old(ring):
        raise click.ClickException("\n".join([f"{ring} is not retired:", *map(_say_old, old)]))
    return newest


def _read_clock_of(folder: Path) -> float:
    """The time by which the files of this folder are dated: not every folder lies on this machine's own disk."""
    with NamedTemporaryFile(dir=folder, prefix=".now-") as file:
        return os.fstat(file.fileno()).st_mtime


def _say_old(tally: Tally) -> str:
    return f"{tally.what}: {tally.old} need an earlier key of {tally.ring}"


def _reencrypt_all(service: str) -> Iterator[Tally]:
    declared, database = find_service(service), database_of(service)
    for column in list_encrypted_columns(declared.metadata):
        yield reencrypt_column(database, column)
    for keyed in declared.keyed:
        if keyed.renew is not None:
            yield Tally(keyed.ring, keyed.what, changed=keyed.renew(database))
    for register in declared.files:
        if register.kind is not None:
            yield reencrypt_files(database, object_store(), register, register.kind, _say_progress)


def _say_progress(tally: Tally) -> None:
    click.echo(f"{tally.what}: {tally.seen} looked at, {tally.changed} encrypted anew ...", err=True)
