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


def sealed_reset(link: str) -> PasswordResetRequested:
    return PasswordResetRequested(account_id=uuid4(), email="siti@contoh.test", link=link, expires_at=real_now())


def tell_reset(database: Database, link: str) -> None:
    with database.unit_of_work() as session:
        thing = Thing(id=uuid4())
        session.add(thing)
        announce(session, thing, sealed_reset(link))


def test_a_secret_that_is_not_sealed_is_not_told(database: Database) -> None:
    """This failure mode means a link in clear in outbox, queues and dumps for as long as they are kept."""
    with pytest.raises(ValueError, match="link: not sealed"):
        tell_reset(database, "https://contoh.test/key")
    assert rows(database) == []


def test_what_was_published_is_erased_where_the_broker_keeps_it(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealed = seal_field(PasswordResetRequested, "link", "https://contoh.test/key")
    tell_reset(database, sealed)
    tell(database)
    for embedded in (True, False):
        monkeypatch.setattr(Settings, "embedded", embedded)
        Relay(database)._offer_some()
        Relay(database).publish_batch(Taking())
        kept = json.loads(rows(database)[0].envelope)
        assert (kept["data"]["link"] == sealed) is embedded
    assert kept["data"]["link"] == "sealed:"
    assert kept["data"]["email"] == "siti@contoh.test"
    assert len(json.loads(rows(database)[1].envelope)["data"]) == 6


def test_an_embedded_system_erases_it_after_a_day(database: Database) -> None:
    sealed = seal_field(PasswordResetRequested, "link", "https://contoh.test/key")
    tell_reset(database, sealed)
    Relay(database).publish_batch(Taking())
    Relay(database).erase_old_secrets()
    assert sealed in rows(database)[0].envelope
    with database.unit_of_work() as session:
        session.execute(update(OutboxRow).values(created_at=real_now() - timedelta(days=1, hours=1)))
    Relay(database).erase_old_secrets()
    assert sealed not in rows(database)[0].envelope


class Taking(Publisher):
    """A broker that takes everything."""

    def __init__(self) -> None:
        pass

    def publish(self, exchange: str, rows: Any) -> set[str]:
        return set()
