"""Promise 7: a subscriber that was away gets what it missed, and a reaction may wait for what it builds on."""

import time
from datetime import timedelta
from threading import Event as Flag
from threading import Thread
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from shared.clock import real_now
from shared.messaging.background import Relaying
from shared.messaging.inbox import replay_event, retry_waiting, take_in_batch
from shared.messaging.models import EVENTS_EXCHANGE, PUBLIC_EXCHANGE, InboxRow, InboxState, OutboxRow
from shared.messaging.pauses import choose_growing_pause
from shared.messaging.relay import FIRST_REST, Publisher
from shared.messaging.topology import PUBLIC_STREAM
from shared.settings import settings
from tests.compliance.stacks import Stack
from tests.unit.messaging.ledger import message, reactions, tell


def test_a_reader_that_was_away(stack: Stack) -> None:
    tell(stack.database, times=120)
    assert stack.publish() == 120
    stack.start_replica().work()
    stack.assert_all_once()


def test_a_connection_to_the_broker_that_is_gone(servers: Stack) -> None:
    tell(servers.database, times=3)
    relay, publisher = servers.make_relay()
    publisher.connection.collect()
    with pytest.raises((*servers.connection.connection_errors, AttributeError)):
        relay.publish_batch(publisher)
    assert servers.publish() == 3
    servers.start_replica().work()
    servers.assert_all_once()


def test_not_yet_is_no_failure_until_it_has_lasted(stack: Stack) -> None:
    id, thing = uuid4(), uuid4()
    take_in_batch(stack.database, reactions, [message(thing, "early", id=id)])
    for _ in range(3 * settings().retry_tries):
        stack.make_due()
        retry_waiting(stack.database, reactions)
    assert stack.states() == {InboxState.WAITING: 1}
    take_in_batch(stack.database, reactions, [message(thing)])
    stack.retry_until_quiet()
    assert stack.effects()[id] == 1


def let_it_last(stack: Stack, *, waiting: bool = True) -> None:
    """Let an hour pass; `waiting`: for events that wait for what they build on."""
    long_ago = real_now() - timedelta(seconds=settings().not_yet_limit_seconds + 60)
    with stack.database.unit_of_work() as session:
        session.execute(update(InboxRow).values(received_at=long_ago))
        if waiting:
            session.execute(update(InboxRow).values(waiting_since=long_ago))


def test_a_letter_that_waited_in_vain_waits_anew_when_it_is_replayed(stack: Stack) -> None:
    """This failure mode means the age counted from the day of arrival: a replayed letter dies at its first try."""
    id, thing = uuid4(), uuid4()
    take_in_batch(stack.database, reactions, [message(thing, "early", id=id)])
    let_it_last(stack)
    stack.retry_until_quiet()
    assert stack.states() == {InboxState.DEAD: 1}
    with stack.database.unit_of_work() as session:
        replay_event(session.get_one(InboxRow, ("ledger", id, "registration")))
    retry_waiting(stack.database, reactions)
    assert stack.states() == {InboxState.WAITING: 1}
    take_in_batch(stack.database, reactions, [message(thing)])
    stack.retry_until_quiet()
    assert stack.effects()[id] == 1


def test_a_failure_of_another_kind_does_not_use_up_the_time_to_wait(stack: Stack) -> None:
    """This failure mode means one column for two clocks: an old failure, and the first `NotYet` is the last."""
    id, thing = uuid4(), uuid4()
    take_in_batch(stack.database, reactions, [message(thing, "poison", id=id)])
    let_it_last(stack, waiting=False)
    with stack.database.unit_of_work() as session:
        session.get_one(InboxRow, ("ledger", id, "registration")).envelope = message(thing, "early", id=id)
    stack.make_due()
    retry_waiting(stack.database, reactions)
    assert stack.states() == {InboxState.WAITING: 1}


def put_public(stack: Stack, count: int) -> None:
    with stack.database.unit_of_work() as session:
        for number in range(count):
            session.add(
                OutboxRow(
                    id=uuid4(), type="id.kompeten.public.test.v1", subject="certificate/1", sequence=number + 1,
                    exchange=PUBLIC_EXCHANGE, envelope="{}",
                )
            )  # fmt: skip


def test_public_events_that_nobody_takes_hold_back_no_other(servers: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    """This failure mode means no stream, and more public events than a batch: everything behind them waits for ever."""
    monkeypatch.setenv("KOMPETEN_RELAY_BATCH", "50")
    settings.cache_clear()
    put_public(servers, 120)
    tell(servers.database, times=5)
    public, publisher = servers.make_relay(PUBLIC_EXCHANGE)
    public.publish_all(publisher)
    servers.publish()
    settings.cache_clear()
    servers.start_replica().work()
    servers.assert_all_once(event for event, row in servers.inbox().items() if row.type in reactions.types)
    assert sum(servers.effects().values()) == 5
    assert public.rests_until > time.monotonic(), "they are offered again after a pause"
    with servers.connection.channel() as channel:
        PUBLIC_STREAM(channel).declare()
    public.rests_until = 0.0
    public.publish_all(publisher)
    with servers.database.reading() as session:
        assert session.scalars(select(OutboxRow).where(OutboxRow.published_at.is_(None))).all() == []


def test_an_exchange_that_answers_nothing_holds_up_no_other(servers: Stack) -> None:
    """This failure mode means one thread that serves both in turn, and waits for the one that is silent."""
    put_public(servers, 1)
    database = servers.another_database()
    relaying = Relaying(database, tells_agencies=True)
    events, public = relaying.relays
    assert (events.exchange, public.exchange) == (EVENTS_EXCHANGE, PUBLIC_EXCHANGE)
    silent, asked = Flag(), Flag()

    def say_nothing(exchange: str, rows: object) -> set[str]:
        asked.set()
        silent.wait(20)
        return set()

    publisher = Publisher(servers.connect())
    publisher.publish = say_nothing  # type: ignore[method-assign]
    waiting = Thread(target=public.publish_all, args=(publisher,))
    waiting.start()
    assert asked.wait(5)
    tell(servers.database)
    events.publish_all(Publisher(servers.connect()))
    assert events.published == 1
    silent.set()
    waiting.join()


def test_what_was_refused_rests_longer_each_time_and_is_found_well_again(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(stack.database)
    relay, publisher = stack.make_relay()
    monkeypatch.setattr(Publisher, "publish", lambda self, exchange, rows: {row[0] for row in rows})
    rests = []
    for _ in range(3):
        relay.rests_until = 0.0
        before = time.monotonic()
        relay.publish_all(publisher)
        rests.append(relay.rests_until - before)
    assert rests[0] >= FIRST_REST
    assert rests[2] > rests[1] > rests[0]
    monkeypatch.undo()
    relay.rests_until = 0.0
    relay.publish_all(publisher)
    assert relay.rests_until == 0.0


@pytest.mark.parametrize("tries", [1, 2, 5, 50, 5000])
def test_pauses_grow_to_their_limit_and_differ(tries: int) -> None:
    pauses = {choose_growing_pause(tries, 1.0, 60.0) for _ in range(20)}
    least = min(2.0 ** min(tries - 1, 10), 60.0)
    assert all(least <= pause <= least * 1.2 for pause in pauses)
    assert len(pauses) > 1
