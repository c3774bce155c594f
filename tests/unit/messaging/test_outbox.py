import json
from uuid import uuid4

import pytest
from sqlalchemy import select

from shared.database.unit import ASKED, TOLD, Database
from shared.messaging.admission import LARGEST_BYTES
from shared.messaging.context import following_cause
from shared.messaging.models import EVENTS_EXCHANGE, PUBLIC_EXCHANGE, OutboxRow
from shared.messaging.outbox import announce, exchange_of
from tests.unit.messaging.ledger import Thing, fact, tell


def rows(database: Database) -> list[OutboxRow]:
    with database.reading() as session:
        return list(session.scalars(select(OutboxRow).order_by(OutboxRow.position)))


def test_the_events_of_one_thing_are_numbered(database: Database) -> None:
    tell(database, times=3)
    tell(database)
    assert [row.sequence for row in rows(database)] == [1, 2, 3, 1]


def test_what_is_rolled_back_was_never_told(database: Database) -> None:
    def tell_and_fail() -> None:
        with database.unit_of_work() as session:
            thing = Thing(id=uuid4())
            session.add(thing)
            announce(session, thing, fact(thing.id))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        tell_and_fail()
    assert rows(database) == []


def test_the_envelope_is_a_cloud_event(database: Database) -> None:
    with following_cause("request-1", "event-1"):
        thing = tell(database)
    envelope = json.loads(rows(database)[0].envelope)
    assert envelope["specversion"] == "1.0"
    assert envelope["type"] == "id.kompeten.registration.application_withdrawn.v1"
    assert envelope["source"] == "/registration"
    assert envelope["subject"] == f"thing/{thing}"
    assert (envelope["correlationid"], envelope["causationid"]) == ("request-1", "event-1")


def test_a_commit_that_told_something_wakes_the_relay(database: Database) -> None:
    woken: list[str] = []
    database.on_commit(TOLD, lambda: woken.append("relay"))
    database.on_commit(ASKED, lambda: woken.append("jobs"))
    with database.unit_of_work():
        pass
    assert not woken
    tell(database)
    assert woken == ["relay"]


@pytest.mark.parametrize(
    ("fact_type", "exchange"),
    [
        ("id.kompeten.public.certificate_issued.v1", PUBLIC_EXCHANGE),
        ("id.kompeten.publication.announced.v1", EVENTS_EXCHANGE),
        ("id.kompeten.registration.id.kompeten.public.v1", EVENTS_EXCHANGE),
    ],
)
def test_only_what_is_for_outsiders_goes_to_their_exchange(fact_type: str, exchange: str) -> None:
    assert exchange_of(fact_type) == exchange


def test_the_largest_event_is_told_and_one_a_byte_larger_is_not(database: Database) -> None:
    tell(database)
    (row,) = rows(database)
    room = LARGEST_BYTES - len(row.envelope.encode())
    tell(database, "x" * room)
    assert len(rows(database)[1].envelope.encode()) == LARGEST_BYTES
    with pytest.raises(ValueError, match=f"larger than {LARGEST_BYTES} bytes"):
        tell(database, "x" * (room + 1))
    with pytest.raises(ValueError, match=f"larger than {LARGEST_BYTES} bytes"):
        tell(database, "é" * (room // 2 + 1))
