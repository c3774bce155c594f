"""Of two events about one thing the newer one counts."""

from uuid import UUID, uuid4

import pytest

from shared.contracts import Event
from shared.contracts.registration import ApplicationWithdrawn
from shared.database.unit import Database
from shared.messaging.admission import sort_arrived
from shared.messaging.copies import keep_newest, take_if_newer
from tests.unit.messaging.ledger import Copy, message, reactions


def told(about: UUID, sequence: int) -> Event[ApplicationWithdrawn]:
    (arrived,) = sort_arrived(reactions, [message(about, sequence=sequence)]).events
    return arrived.event


@pytest.mark.parametrize(
    ("known", "comes", "newer"),
    [(None, 0, True), (None, 5, True), (0, 0, False), (2, 1, False), (2, 2, False), (2, 3, True)],
)
def test_only_what_is_newer_is_taken(known: int | None, comes: int, newer: bool) -> None:
    row = Copy(id=uuid4(), sequence=known, reason="")
    assert take_if_newer(row, told(row.id, comes)) == newer
    assert row.sequence == (comes if newer else known)


def test_a_copy_is_begun_kept_and_changed(database: Database) -> None:
    thing = uuid4()
    for sequence, reason, kept in ((2, "first", True), (1, "older", False), (2, "again", False), (3, "newer", True)):
        with database.unit_of_work() as session:
            row = keep_newest(session, Copy, thing, told(thing, sequence), {"reason": reason})
            assert (row is not None) == kept
            if row is not None:
                assert (row.id, row.sequence, row.reason) == (thing, sequence, reason)
    with database.reading() as session:
        copy = session.get_one(Copy, thing)
        assert (copy.sequence, copy.reason) == (3, "newer")
