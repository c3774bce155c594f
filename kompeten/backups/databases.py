"""One service's database: dumped from one moment, counted at the same, and put back into an empty one."""

import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, Connection, column, func, make_url, select, table, text
from sqlalchemy.exc import SQLAlchemyError

from kompeten.backups.manifest import BackupUnfit, KeptDatabase, describe_file
from kompeten.backups.sealing import give_opened, seal_output
from kompeten.services import find_service
from shared.database.connections import engine_of, lift_limits
from shared.database.migrations import SHARED
from shared.database.privileges import SHARED_VERSION_TABLE, VERSION_TABLE
from shared.database.unit import database_url

TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
OTHERS = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    " AND usename IS NOT NULL"  # the server's own housekeeping is nobody
)


class NotPostgreSQL(RuntimeError):
    """Embedded systems keep their databases in files: stop it and copy the data folder."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One moment of a service's database, held open by `connection`; `id` is what pg_dump knows it by."""

    service: str
    url: URL
    connection: Connection
    id: str


@contextmanager
def hold_snapshots(services: Iterable[str]) -> Iterator[list[Snapshot]]:
    """The databases of all these services as they are now, to within a few hundredths of a second.

    Raises NotPostgreSQL, and SQLAlchemyError when one cannot be asked.
    """
    with ExitStack() as stack:
        urls = {service: make_url(database_url(service)) for service in services}
        opened = [(service, url, stack.enter_context(_connected(url))) for service, url in urls.items()]
        held = []
        for service, url, connection in opened:
            stack.enter_context(connection.begin())
            connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))
            number = str(connection.execute(text("SELECT pg_export_snapshot()")).scalar_one())
            held.append(Snapshot(service, url, connection, number))
        yield held


def dump_database(of: Snapshot, folder: Path, recipients: Path) -> KeptDatabase:
    """Dump a database into `folder`, sealed; rows are counted in the very snapshot that is dumped.

    Raises ProgramFailed, and SQLAlchemyError when it cannot be asked.
    """
    file = folder / f"{of.service}.dump.age"
    command = ["pg_dump", "--format=custom", "--no-password", f"--snapshot={of.id}", "--dbname", str(of.url.database)]
    seal_output(command, _environment(of.url), file, recipients)
    rows, revisions = count_rows(of.connection), read_revisions(of.connection)
    return KeptDatabase(service=of.service, file=describe_file(file), revisions=revisions, rows=rows)


def check_database(kept: KeptDatabase) -> None:
    """Raise BackupUnfit unless the dump can go into its database: empty, used by nobody, and known to this version."""
    own = find_service(kept.service).migrations
    for chain in (own, SHARED):
        revision = kept.revisions.get(chain.version_table, "")
        if revision not in {path.stem.partition("_")[0] for path in chain.folder.glob("[0-9]*.py")}:
            raise BackupUnfit(
                f"{kept.service}: this version does not know its migration {revision!r}; restore with a newer one"
            )
    try:
        with _connected(make_url(database_url(kept.service))) as connection:
            tables = connection.execute(text(TABLES)).scalars().all()
            others = connection.execute(text(OTHERS)).scalar_one()
    except SQLAlchemyError as error:
        raise BackupUnfit(f"{kept.service}: its database cannot be asked ({type(error).__name__}: {error})") from error
    if tables:
        raise BackupUnfit(f"{kept.service}: its database is not empty ({len(tables)} tables): nothing is written over")
    if others:
        raise BackupUnfit(f"{kept.service}: its database is in use by {others} others: stop the services first")


def restore_database(kept: KeptDatabase, folder: Path, identity: Path) -> None:
    """Put the dump into the empty database, all or nothing, and have every event in its outbox offered again.

    What one service had told and another had not taken in yet comes by the broker, once more; readers drop what they
    know. Raises ProgramFailed, and BackupUnfit when the rows are not those dumped.
    """
    url = make_url(database_url(kept.service))
    command = ["pg_restore", "--single-transaction", "--exit-on-error", "--no-owner", "--no-acl", "--no-password"]
    give_opened(folder / kept.file.name, identity, [*command, "--dbname", str(url.database)], _environment(url))
    with _connected(url) as connection, connection.begin():
        rows = count_rows(connection)
        if rows != kept.rows:
            wrong = sorted(name for name in {*rows, *kept.rows} if rows.get(name) != kept.rows.get(name))
            raise BackupUnfit(f"{kept.service}: other rows than were dumped, in {', '.join(wrong)}")
        connection.execute(text("UPDATE outbox SET published_at = NULL"))


def count_rows(connection: Connection) -> dict[str, int]:
    """The rows of every table, in the connection's transaction."""
    tables = connection.execute(text(TABLES)).scalars().all()
    count = select(func.count())
    return {name: connection.execute(count.select_from(table(name))).scalar_one() for name in tables}


def read_revisions(connection: Connection) -> dict[str, str]:
    """The newest migration of each chain, by version table."""
    return {
        name: str(connection.execute(select(column("version_num")).select_from(table(name))).scalar_one())
        for name in (VERSION_TABLE, SHARED_VERSION_TABLE)
    }


@contextmanager
def _connected(url: URL) -> Iterator[Connection]:
    """A connection of its own without limits of time: dumps and counts take as long as they take."""
    if url.get_backend_name() != "postgresql":
        raise NotPostgreSQL("only databases on PostgreSQL are backed up by this; embedded, copy the data folder")
    engine = engine_of(url.render_as_string(hide_password=False))
    try:
        with engine.connect() as connection:
            lift_limits(connection)
            yield connection
    finally:
        engine.dispose()


def _environment(url: URL) -> dict[str, str]:
    """How PostgreSQL's programs find the server; the password stays out of their arguments."""
    place = {"PGHOST": url.host, "PGPORT": str(url.port or 5432), "PGUSER": url.username, "PGPASSWORD": url.password}
    return {**os.environ, **{name: str(value) for name, value in place.items() if value}}
