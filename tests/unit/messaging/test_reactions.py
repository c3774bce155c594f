"""How a reaction finds the rows it is about."""

from uuid import uuid4

import pytest
from sqlalchemy import event as sql_event
from sqlalchemy import update
from sqlalchemy.dialects.postgresql import dialect

from shared.contracts.registration import ApplicationWithdrawn
from shared.database.unit import Database
from shared.messaging.admission import sort_arrived
from shared.messaging.reactions import Reactions, find_row
from tests.unit.messaging.ledger import Copy, Effect, message, reactions


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


def test_what_is_loaded_under_a_lock_is_read_anew(database: Database) -> None:
    thing = uuid4()
    with database.unit_of_work() as session:
        session.add(Copy(id=thing, sequence=1, reason="known"))
    (arrived,) = sort_arrived(reactions, [message(thing)]).events
    with database.unit_of_work() as session:
        copy = session.get_one(Copy, thing)
        session.execute(update(Copy).values(reason="changed"), execution_options={"synchronize_session": False})
        assert copy.reason == "known"
        reactions.preload(session, [arrived.event])
        assert copy.reason == "changed"


@pytest.mark.parametrize("lock", [True, False])
def test_a_row_is_locked_unless_it_is_only_read(database: Database, lock: bool) -> None:
    asked: list[str] = []
    postgresql = dialect()  # type: ignore[no-untyped-call]
    with database.reading() as session:
        sql_event.listen(
            session, "do_orm_execute", lambda state: asked.append(str(state.statement.compile(dialect=postgresql)))
        )
        find_row(session, Copy, uuid4(), lock=lock)
    assert len(asked) == 1
    assert ("FOR UPDATE OF copies" in asked[0]) == lock
