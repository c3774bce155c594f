import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from shared.clock import real_now
from shared.contracts.registration import PasswordResetRequested
from shared.database.unit import ASKED, TOLD, Database
from shared.messaging.admission import LARGEST_BYTES
from shared.messaging.context import following_cause
from shared.messaging.models import EVENTS_EXCHANGE, PUBLIC_EXCHANGE, OutboxRow
from shared.messaging.outbox import announce, exchange_of
from shared.messaging.relay import Publisher, Relay
from shared.security.sealing import seal_field
from shared.settings import Settings
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


from shared.messaging.models import EVENTS_EXCHANGE, PUBLIC_EXCHANGE, OutboxRow
from shared.messaging.outbox import announce, exchange_of
from shared.messaging.relay import Publisher, Relay
from shared.security.sealing import seal_field
from shared.settings import Settings
