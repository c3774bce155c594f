"""How a reaction finds the rows it is about."""

from uuid import uuid4

import pytest

from shared.contracts.registration import ApplicationWithdrawn
from shared.database.unit import Database
from shared.messaging.reactions import Reactions, find_row
from tests.unit.messaging.ledger import Copy, Effect


def test_one_fact_has_one_reaction() -> None:
    once = Reactions("ledger")
    once.on(ApplicationWithdrawn)(lambda session, event: None)
    with pytest.raises(ValueError, match=r"ledger reacts to .*application_withdrawn"):
        once.on(ApplicationWithdrawn)(lambda session, event: None)


def test_a_row_nobody_foresaw_is_found_beside_what_was_loaded(database: Database) -> None:
    stored, added, absent = uuid4(), uuid4(), uuid4()
    with database.unit_of_work() as session:
        session.add(Copy(id=stored, sequence=1, reason="stored"))
        session.add(Effect(event_id=stored, subject="", reason="of another table"))
    with database.unit_of_work() as session:
        Reactions("ledger").preload(session, [])
        session.add(Copy(id=added, sequence=1, reason="added"))
        with session.no_autoflush:
            found = [
                find_row(session, Copy, key, lock=lock) for key in (stored, added, absent) for lock in (True, False)
            ]
            assert [row and row.reason for row in found] == ["stored", "stored", "added", "added", None, None]
            assert find_row(session, Effect, added) is None
