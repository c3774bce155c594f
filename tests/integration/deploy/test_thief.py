"""A service that was broken into, with its broker account and its keys, tries to tell what registration tells.

Played on a broker with the users of the deployment: `assessment` is the thief, `decision` the reader.
"""

import importlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from kombu import Connection
from sqlalchemy import select
from sqlalchemy.orm import Session

from shared.contracts import Event
from shared.contracts.assessment import AssessorAssigned
from shared.contracts.registration import ApplicationWithdrawn
from shared.database.unit import Database
from shared.messaging.consumer import Deliveries, handle_batch
from shared.messaging.inbox import replay_event, retry_waiting
from shared.messaging.models import InboxRow, InboxState
from shared.messaging.reactions import Reactions
from shared.messaging.reading import make_consumer
from shared.messaging.signing import HEADER, sign_events
from shared.messaging.topology import DEAD_QUEUE, queue_of
from tests.compliance.states import some_fact
from tests.integration.deploy.conftest import ADMIN, address
from tests.servers.own_rabbitmq import OwnRabbitMQ
from tests.unit.messaging.ledger import Effect, create_tables, message

amqp: Any = importlib.import_module("amqp")
EXCHANGE = "kompeten.events"
OWN = AssessorAssigned.type
OTHERS = ApplicationWithdrawn.type
reactions = Reactions("decision")


@reactions.on(ApplicationWithdrawn)
@reactions.on(AssessorAssigned)
def note_effect(session: Session, event: Event[Any]) -> None:
    session.add(Effect(event_id=event.id, subject=event.subject, reason=event.source))


class Decision:
    """The reader: its queue, with its own account, and what it took in."""

    def __init__(self, broker: OwnRabbitMQ, secrets: Path, database: Database) -> None:
        self.database = database
        with Connection(address(broker, secrets, "topology")) as connection:
            channel = connection.channel()
            queue_of(reactions)(channel).declare()
            channel.queue_purge("kompeten.decision")
        self.connection = Connection(address(broker, secrets, "decision"))
        self.deliveries = Deliveries(50)
        channel = self.connection.channel()
        make_consumer(channel, queue_of(reactions), self.deliveries.add_arrived, 50).consume()

    def read(self) -> None:
        """Take in whatever comes until nothing has come for half a second."""
        while True:
            try:
                self.connection.drain_events(timeout=0.5)
            except TimeoutError:
                break
        while (batch := self.deliveries.take_batch()) is not None:
            assert handle_batch(self.database, reactions, batch.bodies) is None
            self.deliveries.note_success(batch)

    def effects(self) -> dict[UUID, str]:
        with self.database.reading() as session:
            return {row.event_id: row.reason for row in session.scalars(select(Effect))}

    def inbox(self) -> list[InboxRow]:
        with self.database.reading() as session:
            return list(session.scalars(select(InboxRow)))


@pytest.fixture
def decision(broker: OwnRabbitMQ, secrets_folder: Path, tmp_path: Path) -> Iterator[Decision]:
    database = Database("decision", f"sqlite:///{tmp_path}/decision.sqlite3")
    create_tables(database)
    reader = Decision(broker, secrets_folder, database)
    yield reader
    reader.connection.release()
    database.close()


Send = Callable[..., None]


@pytest.fixture
def send(channel_of: Callable[[str], Any]) -> Send:
    """Publish with a service's account; `signed` is whose keys sign it, a signature, or None."""

    def publish(user: str, key: str, body: str, signed: str | None, **headers: Any) -> None:
        signature = next(sign_events(signed, [body.encode()])) if signed and "." not in signed else signed
        given = {**headers, **({HEADER: signature} if signature else {})}
        told = amqp.Message(body.encode(), delivery_mode=2, application_headers=given)
        channel_of(user).basic_publish(told, exchange=EXCHANGE, routing_key=key)

    return publish


def own_event(id: UUID) -> str:
    """A fact that assessment may tell."""
    envelope = json.loads(message(id=id))
    data = some_fact(AssessorAssigned).model_dump(mode="json")
    return json.dumps(envelope | {"type": OWN, "source": "/assessment", "data": data})


@pytest.mark.parametrize("carbon", [{}, {"CC": [OTHERS]}, {"BCC": [OTHERS]}], ids=["alone", "copied", "hidden copy"])
@pytest.mark.parametrize("signed", ["assessment", None, "0.AAAA"])
def test_a_thief_does_not_tell_what_another_service_tells(
    decision: Decision, send: Send, carbon: dict[str, Any], signed: str | None
) -> None:
    """The account may publish under its own routing keys alone: the lie stands in the body. The genuine event with the
    id that the lie claims is still new.
    """
    id = uuid4()
    send("assessment", OWN, message(id=id), signed, **carbon)
    decision.read()
    assert decision.effects() == {}
    send("registration", OTHERS, message(id=id), "registration")
    decision.read()
    assert decision.effects() == {id: "/registration"}


@pytest.mark.parametrize("carbon", [{}, {"CC": [OTHERS]}], ids=["alone", "copied"])
def test_a_genuine_event_published_once_more_by_a_thief_is_refused(
    decision: Decision, send: Send, carbon: dict[str, Any]
) -> None:
    """This failure mode means an old event having its effect again, once the inbox has forgotten it."""
    body = message()
    send("assessment", OWN, body, next(sign_events("registration", [body.encode()])), **carbon)
    decision.read()
    assert decision.effects() == {}
    assert {(row.state, row.type) for row in decision.inbox()} == {(InboxState.DEAD, "refused")}


def test_a_signature_of_another_event_is_of_no_use(decision: Decision, send: Send) -> None:
    seen = next(sign_events("registration", [message().encode()]))
    send("assessment", OWN, message(), seen, CC=[OTHERS])
    decision.read()
    assert decision.effects() == {}
    assert decision.inbox() == [], "what nobody signed is written nowhere"


@pytest.mark.parametrize("changes", [{"source": "/registration"}, {"type": OTHERS}, {"source": "/public"}])
def test_half_a_lie_is_refused_too(decision: Decision, send: Send, changes: dict[str, str]) -> None:
    send("assessment", OWN, json.dumps(json.loads(own_event(uuid4())) | changes), "assessment")
    decision.read()
    assert decision.effects() == {}
    (row,) = decision.inbox()
    assert (row.type, row.subject, row.teller) == ("refused", "", "")


def test_an_own_event_does_not_use_up_the_id_of_anothers(decision: Decision, send: Send) -> None:
    """This failure mode means an event that is dropped as seen, because a thief who saw it elsewhere came first."""
    id = uuid4()
    send("assessment", OWN, own_event(id), "assessment")
    decision.read()
    with decision.database.unit_of_work() as session:
        session.delete(session.get_one(Effect, id))
    send("registration", OTHERS, message(id=id), "registration")
    decision.read()
    assert decision.effects() == {id: "/registration"}


def test_what_was_refused_does_not_come_in_by_a_replay(decision: Decision, send: Send) -> None:
    send("assessment", OWN, message(), "assessment")
    decision.read()
    with decision.database.unit_of_work() as session:
        replay_event(session.scalars(select(InboxRow)).one())
    retry_waiting(decision.database, reactions)
    assert decision.effects() == {}


def test_what_nobody_signed_waits_for_an_operator(
    decision: Decision, send: Send, broker: OwnRabbitMQ, secrets_folder: Path
) -> None:
    """Returned by hand it comes to the same door, and under no routing key of its own; signed, it is taken in."""
    unsigned, signed = message(), uuid4()
    send("registration", OTHERS, unsigned, None)
    decision.read()
    password = (secrets_folder / "rabbitmq_admin_password").read_text()
    with Connection(f"amqp://{ADMIN}:{password}@127.0.0.1:{broker.port}/kompeten") as connection:
        channel: Any = connection.channel()
        dead = [found for _ in range(20) if (found := channel.basic_get(DEAD_QUEUE.name, no_ack=True))]
        assert unsigned in [found.body if isinstance(found.body, str) else found.body.decode() for found in dead]
        body = message(id=signed).encode()
        for headers in ({}, {HEADER: next(sign_events("registration", [body]))}):
            again = amqp.Message(body, application_headers=headers)
            channel.basic_publish(again, exchange="", routing_key="kompeten.decision")
    decision.read()
    assert decision.effects() == {signed: "/registration"}


def test_a_thief_cannot_put_anything_into_a_queue_itself(channel_of: Callable[[str], Any]) -> None:
    for exchange in ("", "kompeten.dead", "amq.topic"):
        with pytest.raises(amqp.AccessRefused):
            channel_of("assessment").basic_publish(
                amqp.Message("{}"), exchange=exchange, routing_key="kompeten.decision"
            )
