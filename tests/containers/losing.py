"""Everything lost but the backups and the key that opens them: the system comes back, and is quiet at first."""

import shutil

from tests.containers.claims import hold, timed
from tests.containers.commands import list_ailments, wait_until_well
from tests.containers.counting import check_finished
from tests.containers.stack import Stack

IDENTITY = "backup-identity.txt"
TABLES = {
    "registration": ("accounts", "applications", "documents", "periods"),
    "assessment": ("cases", "centres", "assessors", "day_records"),
    "decision": ("decisions", "meetings", "appeals", "appointments"),
    "certificate": ("certificate", "certificate_version", "stock_sheet", "signing_key"),
    "surveillance": ("surveillance", "report", "holding"),
    "notification": ("mail",),
}
"""What people made, in each service; no timer adds to it by itself."""


def prove_loss(stack: Stack) -> None:
    """A backup is made, proven, and after the loss of all volumes and secrets restored by the document's commands."""
    before = count_rows(stack)
    timed("backed up", lambda: stack.run("deploy/backup", seconds=600))
    timed("the backup proven", lambda: stack.run("deploy/prove-backup", "--identity", IDENTITY, seconds=1800))
    stack.down()
    _lose_settings(stack)
    timed("restored", lambda: _restore(stack))
    hold(count_rows(stack) == before, f"{sum(before.values())} rows of what people made are back, none more")
    hold("quiet" in stack.status(), "the restored system is quiet, and status says so")
    logs = stack.compose("run", "--rm", "-T", "operator", "verify-log").splitlines()
    hold(sum(": 0 wrong" in line for line in logs) == len(TABLES), f"verify-log: {len(TABLES)} logs are whole")
    timed("heard again", lambda: stack.run("deploy/restore", "--speak", seconds=600))
    wrong = list_ailments(wait_until_well(stack))
    hold(not wrong, f"status: all well {wrong or ''}")
    check_finished(stack)


def count_rows(stack: Stack) -> dict[str, int]:
    """How many rows each of `TABLES` has."""
    return {
        f"{service}.{table}": int(stack.sql(service, f"SELECT count(*) FROM {table}")[0][0])
        for service, tables in TABLES.items()
        for table in tables
    }


def _lose_settings(stack: Stack) -> None:
    shutil.rmtree(stack.folder / "deploy" / "secrets")
    (stack.folder / ".env").unlink()


def _restore(stack: Stack) -> None:
    backups = stack.folder / "backups"
    newest, sealed = max(backups.glob("[0-9]*Z")), max(backups.glob("secrets-*.tar.age"))
    stack.run("deploy/restore", "--identity", IDENTITY, "--secrets", str(sealed), seconds=600)
    stack.run("deploy/prepare", seconds=1200)
    stack.run("deploy/restore", "--identity", IDENTITY, str(newest), seconds=1200)
