"""pgbench doing the SQL of one filing, as it was recorded: what the database alone would allow."""

import re
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import event, make_url, select

from benchmarks.intake.drafts import NAME, name_applicant, number_application, prepare_drafts
from services.registration.commands.filing import FileApplication, file_application
from services.registration.models import Period
from shared.database.unit import Database

CLIENTS = 16
LAST = 299_999_999_999
FIRST = 200_000_000_000
_ID = re.compile(r"'([0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12})'::uuid")


def record_filing(database: Database) -> list[str]:
    """The statements of one filing with their values in them, its number left open as `:n`. The filing is undone."""
    prepare_drafts(database, 1, LAST)
    statements: list[str] = []

    def note(_connection: Any, cursor: Any, statement: str, parameters: Any, _context: Any, many: bool) -> None:
        for values in parameters if many else [parameters]:
            statements.append(cursor.mogrify(statement, values).decode())

    event.listen(database.engine, "before_cursor_execute", note)
    with database.reading() as session:
        signed = FileApplication(signature=NAME, statement=True)
        file_application(session, name_applicant(LAST), number_application(LAST), signed)
        session.flush()
        session.rollback()
        event.remove(database.engine, "before_cursor_execute", note)
        periods = {str(period) for period in session.scalars(select(Period.id))}
    return [_open_number(statement, periods) for statement in statements]


def _open_number(statement: str, periods: set[str]) -> str:
    """One line, for any application: ids of new rows are new ones, the NIK's index is the number's own."""
    line = " ".join(statement.split()).replace(str(LAST), ":n")
    if "INSERT INTO identities" in line:
        line = re.sub(r"'[0-9a-f]{64}'", "'" + "0" * 52 + ":n" + "'", line, count=1)
    return _ID.sub(lambda found: found[0] if found[1] in periods else "gen_random_uuid()", line)


def measure_pgbench(database: Database, statements: Sequence[str], first: int, count: int) -> float:
    """Transactions per second of pgbench, each filing another of `count` drafts that are made here.

    `statements` are one filing's, as recorded. Raises RuntimeError with pgbench's words when a transaction failed.
    """
    prepare_drafts(database, count, first)
    per_client = count // CLIENTS
    script = [
        f"\\set n {first} + :client_id * {per_client} + :i",
        "\\set i :i + 1",
        "BEGIN;",
        *(statement + ";" for statement in statements),
        "COMMIT;",
    ]
    url = make_url(database.engine.url)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "filing.sql"
        path.write_text("\n".join(script) + "\n")
        command = ["pgbench", "-n", "-D", "i=0", "-c", str(CLIENTS), "-j", "2", "-t", str(per_client), "-f", str(path)]
        plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
        done = subprocess.run([*command, plain], capture_output=True, text=True)
    found = re.search(r"tps = ([\d.]+) \(without", done.stdout)
    failed = re.search(r"number of failed transactions: (\d+)", done.stdout)
    if done.returncode or not found or (failed and int(failed[1])):
        raise RuntimeError(done.stdout[-500:] + done.stderr[-1500:])
    return float(found[1])
