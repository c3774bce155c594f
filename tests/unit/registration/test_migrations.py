"""What registration's migrations carry over."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from alembic import command
from sqlalchemy import MetaData, Table, insert, select, text

from kompeten.schema import migrate_database
from kompeten.services import find_service
from services.registration.models import SchemeHold
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


def test_of_several_live_applications_of_before_the_furthest_gets_the_place(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """All are kept, the others named in the log; a certificate in force has the place where nothing is under way."""
    database = Database("registration", f"sqlite:///{tmp_path}/one.sqlite3")
    migrations.upgrade_shared_tables(database)
    command.upgrade(migrations.config_of(database, find_service("registration").migrations), "0012")
    now = real_now().replace(tzinfo=None)
    moments = {"version": 1, "sequence": 1, "created_at": now, "updated_at": now}
    me, holder = uuid4(), uuid4()
    with database.engine.execution_options(kompeten_writing=True).begin() as connection:
        tables = MetaData()
        tables.reflect(connection, only=["applications", "milestones", "holdings"])

        def add(scheme: str, state: str, applicant: UUID = me, stage: str = "", **data: Any) -> UUID:
            one = uuid4()
            row: dict[str, Any] = {
                "id": one.hex,
                "applicant_id": applicant.hex,
                "applicant_name": "X",
                "scheme_id": scheme,
            }
            row |= {"scheme_version": "1", "state": state, "round": 1, "form": {}, **moments}
            connection.execute(insert(tables.tables["applications"]).values(row))
            if stage:
                told = {"id": uuid4().hex, "application_id": one.hex, "stage": stage, "at": now, "data": data}
                connection.execute(insert(tables.tables["milestones"]).values(told))
            return one

        add("a", "withdrawn")
        draft, filed = add("a", "draft"), add("a", "filed")
        long_ago, ahead = ((real_now() + timedelta(days=days)).isoformat() for days in (-40, 5))
        add("b", "self_assessed", stage="decided_bk", appeal_until=long_ago)
        again = add("b", "draft")
        open_bk = add("c", "self_assessed", stage="decided_bk", appeal_until=ahead)
        done = add("d", "self_assessed", holder, stage="decided_k")
        values: dict[str, Any] = {"number": "1", "holder_id": holder.hex, "application_id": done.hex, "scheme_id": "d"}
        values |= {"scheme_title": "D", "expires_on": now.date() + timedelta(days=9), "status": "valid", "sequence": 1}
        connection.execute(insert(tables.tables["holdings"]).values(values))
    with caplog.at_level("WARNING"):
        migrate_database(database)
    with database.reading() as session:
        held = {(one.account_id, one.scheme_id): one for one in session.scalars(select(SchemeHold))}
        assert session.scalar(text("SELECT count(*) FROM applications")) == 7
    database.close()
    assert {key: one.application_id for key, one in held.items()} == {
        (me, "a"): filed, (me, "b"): again, (me, "c"): open_bk, (holder, "d"): done,
    }  # fmt: skip
    assert held[holder, "d"].certificate == "1"
    assert f"{filed} lives, beside it stay {draft}" in caplog.text
