"""The migration that puts tellers into the inbox, on databases with events in them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from shared.clock import real_now
from shared.database.migrations import upgrade_shared_tables
from shared.database.types import UtcDateTime
from shared.database.unit import Database
from shared.messaging.inbox import take_in_batch
from shared.messaging.models import InboxRow
from tests.unit.messaging.ledger import Base, message, reactions

SEEN, UNREADABLE = UUID(int=1), UUID(int=2)


@pytest.mark.parametrize("server", ["postgresql", "sqlite"])
def test_what_was_taken_in_before_is_known_again(server: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """This failure mode means an event having its effect twice, when it comes once more after the update."""
    url: Callable[[], str] = (
        request.getfixturevalue("postgres_url") if server == "postgresql" else lambda: f"sqlite:///{tmp_path}/a.sqlite3"
    )
    database = Database("ledger", url())
    upgrade_shared_tables(database, "0006")
    Base.metadata.create_all(database.engine)
    columns = ("consumer", "type", "subject", "state")
    inbox = sa.table(
        "inbox", *map(sa.column, columns), sa.column("event_id", sa.Uuid), sa.column("tries"),
        sa.column("received_at", UtcDateTime()),
    )  # fmt: skip
    row: dict[str, Any] = {"consumer": "ledger", "subject": "", "tries": 1, "received_at": real_now()}
    told = {**row, "event_id": SEEN, "type": "id.kompeten.registration.application_withdrawn.v1", "state": "done"}
    junk = {**row, "event_id": UNREADABLE, "type": "unreadable", "state": "dead"}
    with database.unit_of_work() as session:
        session.execute(inbox.insert(), [told, junk])
    upgrade_shared_tables(database)
    assert take_in_batch(database, reactions, [message(id=SEEN)]) == 0
    with database.reading() as session:
        found = {row.event_id: row.teller for row in session.scalars(sa.select(InboxRow))}
    assert found == {SEEN: "registration", UNREADABLE: ""}
    database.close()
