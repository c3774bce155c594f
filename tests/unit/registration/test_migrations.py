"""What registration's migrations carry over."""

from pathlib import Path
from uuid import uuid4

from alembic import command
from sqlalchemy import MetaData, Table, insert, text

from kompeten.schema import migrate_database
from kompeten.services import find_service
from shared.clock import real_now
from shared.database import migrations
from shared.database.unit import Database


def test_who_waits_for_wrong_codes_goes_on_waiting(tmp_path: Path) -> None:
    """This failure mode means that an update gives whoever knows a password five tries more at once."""
    database = Database("registration", f"sqlite:///{tmp_path}/one.sqlite3")
    migrations.upgrade_shared_tables(database)
    command.upgrade(migrations.config_of(database, find_service("registration").migrations), "0011")
    now, waiting, right = real_now().replace(tzinfo=None), uuid4().hex, uuid4().hex
    with database.engine.execution_options(kompeten_writing=True).begin() as connection:
        accounts, factors = (
            Table(name, MetaData(), autoload_with=connection) for name in ("accounts", "second_factors")
        )
        moments = {"version": 1, "sequence": 1, "created_at": now, "updated_at": now}
        for account, failures in ((waiting, 7), (right, 0)):
            who = {"email": f"{account}@contoh.test", "name": "Siti", "language": "id", "state": "active"} | moments
            connection.execute(insert(accounts).values({"id": account, **who}))
            factor = {"account_id": account, "secret": "x", "enrolled_at": now, "failures": failures, "failed_at": now}
            connection.execute(insert(factors).values(factor))
    migrate_database(database)
    with database.engine.connect() as connection:
        kept = connection.execute(text("SELECT account_id, failures FROM factor_tries")).all()
    database.close()
    assert kept == [(waiting, 7)]
