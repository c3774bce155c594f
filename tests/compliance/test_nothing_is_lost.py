"""Promise 1: nothing committed is ever lost."""

from collections.abc import Sequence
from contextlib import suppress
from itertools import count
from uuid import uuid4

import eventlet
import greenlet
import pytest
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from shared.database.unit import Database, DatabaseAway, Why
from shared.messaging import consumer
from shared.messaging import relay as relay_module
from shared.messaging.admission import Body, Received
from shared.messaging.consumer import handle_batch
from shared.messaging.inbox import take_in_batch
from shared.messaging.models import EVENTS_EXCHANGE, PUBLIC_EXCHANGE
from shared.messaging.outbox import announce
from shared.messaging.reactions import Reactions
from shared.messaging.relay import Publisher
from tests.compliance.stacks import PREFETCH, Handle, Stack
from tests.unit.messaging.ledger import Thing, fact, message, reactions, tell

FAILURES: list[BaseException] = [
    ValueError("a bug"),
    KeyError("a bug"),
    MemoryError(),
    RecursionError(),
    OSError("the disk"),
    PoolTimeout("the pool is drained"),
    OperationalError("SELECT 1", {}, Exception("a driver's error")),
    IntegrityError("INSERT", {}, Exception("a key")),
    AssertionError("a bug"),
    eventlet.Timeout(1),
    greenlet.GreenletExit(),
    StopIteration(),
    UnicodeDecodeError("utf-8", b"\xff", 0, 1, "bad"),
]
FAILURES[9].cancel()  # type: ignore[attr-defined]


def fail_at_first(error: BaseException) -> Handle:
    """Handle as ever, except that the first batch raises."""
    calls = count()

    def handle(database: Database, reactions: Reactions, bodies: Sequence[Body]) -> BaseException | None:
        if next(calls) == 0:
            return error
        return handle_batch(database, reactions, bodies)

    return handle


@pytest.mark.parametrize("error", FAILURES, ids=lambda error: type(error).__name__)
def test_a_batch_that_failed_is_not_acknowledged_with_the_next_one(stack: Stack, error: BaseException) -> None:
    """This failure mode means an acknowledgement of "all up to this one" after a batch that was never taken in."""
    handle, replica = fail_at_first(error), stack.start_replica()
    tell(stack.database)
    stack.publish()
    replica.work(handle)  # the first fails, and is tried again alone at once
    tell(stack.database)
    stack.publish()
    replica.work(handle)
    stack.kill(replica)
    stack.start_replica().work()  # whatever was not acknowledged comes to another
    stack.assert_all_once()
    assert len(stack.told()) == 2


@pytest.mark.parametrize("error", FAILURES, ids=lambda error: type(error).__name__)
def test_whatever_taking_in_raises_the_runner_is_told(
    stack: Stack, error: BaseException, monkeypatch: pytest.MonkeyPatch
) -> None:
    """This failure mode means an exception nobody thought of, that ends the worker and leaves the reader waiting."""

    def raise_it(*_: object) -> int:
        raise error

    monkeypatch.setattr(consumer, "take_in_batch", raise_it)
    assert handle_batch(stack.database, Reactions("nobody"), []) is error


def test_a_batch_is_held_while_the_database_is_away(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    away = [DatabaseAway(why) for why in Why]

    def come_back(database: Database, reactions: Reactions, bodies: Sequence[Body]) -> int:
        if away:
            raise away.pop()
        return take_in_batch(database, reactions, bodies)

    monkeypatch.setattr(consumer, "take_in_batch", come_back)
    tell(stack.database, times=3)
    stack.publish()
    stack.start_replica().work(lambda database, reactions, bodies: handle_batch(database, reactions, bodies, 0.01))
    stack.assert_all_once()
    assert not away


def test_what_a_replica_held_when_it_died_comes_to_another(stack: Stack) -> None:
    tell(stack.database, times=5)
    stack.publish()
    dying = stack.start_replica()
    dying.hear()
    batch = dying.deliveries.take_batch()
    assert batch is not None
    stack.kill(dying)
    stack.start_replica().work()
    stack.assert_all_once()


def test_killed_between_the_effect_and_its_acknowledgement(stack: Stack) -> None:
    """This failure mode means the same messages twice: their effects are there already."""
    tell(stack.database, times=5)
    stack.publish()
    dying = stack.start_replica()
    dying.hear()
    while batch := dying.deliveries.take_batch():
        assert handle_batch(dying.database, reactions, batch.bodies) is None
    stack.kill(dying)
    stack.start_replica().work()
    stack.assert_all_once()


def test_a_relay_that_dies_between_confirm_and_mark_publishes_again(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(stack.database, times=3)
    relay, publisher = stack.make_relay()
    publish = Publisher.publish

    def publish_and_die(self: Publisher, exchange: str, rows: Sequence[tuple[str, str, str]]) -> set[str]:
        publish(self, exchange, rows)
        raise SystemExit

    monkeypatch.setattr(Publisher, "publish", publish_and_die)
    with pytest.raises(SystemExit):
        relay.publish_batch(publisher)
    monkeypatch.undo()
    assert stack.publish() == 3, "they were not marked"
    stack.start_replica().work()
    stack.assert_all_once()


def test_what_the_broker_does_not_take_stays_in_the_outbox(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    tell(stack.database, times=3)
    relay, publisher = stack.make_relay()
    monkeypatch.setattr(Publisher, "publish", lambda self, exchange, rows: {rows[1][0]})
    published = relay.publish_batch(publisher)
    assert (published.taken, published.refused) == (2, 1)
    monkeypatch.undo()
    assert stack.publish() == 1


def test_what_was_not_committed_is_not_told(stack: Stack) -> None:
    with suppress(ZeroDivisionError), stack.database.unit_of_work() as session:
        thing = Thing()
        session.add(thing)
        session.flush()
        announce(session, thing, fact(thing.id))
        raise ZeroDivisionError
    assert stack.publish() == 0


def test_a_message_that_fails_alone_again_and_again_is_laid_aside_by_the_broker(servers: Stack) -> None:
    """This failure mode means a fault of our own at the door: the message is not lost, and holds nobody up."""
    tell(servers.database)
    servers.publish()
    replica = servers.start_replica()
    now = [0.0]
    replica.deliveries.now = lambda: now[0]
    replica.hear()
    for _ in range(consumer.TRIES + 1):
        assert replica.handle(lambda *_: ValueError("our own fault")) is not None
        now[0] += 100
    assert replica.handle() is None
    assert servers.take_dead() == 1


def test_more_failing_messages_than_the_broker_hands_over_at_once_hold_nobody_up(servers: Stack) -> None:
    """This failure mode means a window full of messages that wait: whatever is behind them is not even received."""
    replica = servers.start_replica()
    servers.send(*[b"fails" for _ in range(PREFETCH + 20)])
    good = uuid4()
    servers.send(message(id=good))

    def fail_some(database: Database, reactions: Reactions, bodies: Sequence[Body]) -> BaseException | None:
        fails = any(isinstance(one, Received) and one.body == b"fails" for one in bodies)
        return MemoryError() if fails else handle_batch(database, reactions, bodies)

    replica.deliveries.now = lambda: 0.0
    replica.work(fail_some)
    servers.assert_all_once([good])
    assert servers.take_dead() > 0, "some were laid aside before their last try, none is lost"


def test_while_one_message_waits_to_be_tried_again_the_others_go_on(stack: Stack) -> None:
    replica = stack.start_replica()
    stack.send(b"anything")
    replica.hear()
    assert replica.handle(lambda *_: ValueError("our own fault")) is not None
    assert replica.handle(lambda *_: ValueError("our own fault")) is not None  # alone: it waits now
    tell(stack.database, times=3)
    stack.publish()
    replica.work()
    stack.assert_all_once()


def test_events_go_out_on_the_exchange_of_their_readers(servers: Stack) -> None:
    tell(servers.database)
    public, publisher = servers.make_relay(PUBLIC_EXCHANGE)
    assert public.publish_batch(publisher).taken == 0
    relay, publisher = servers.make_relay()
    assert relay.publish_batch(publisher).taken == 1


def test_a_broker_that_talks_and_confirms_nothing_is_given_up_in_bounded_time(
    servers: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """This failure mode means a limit for each frame taken for one of the whole: every heartbeat began it anew."""
    monkeypatch.setattr(relay_module, "CONFIRM_SECONDS", 1)
    monkeypatch.setattr(relay_module, "HEARTBEAT_SECONDS", 0.1)
    _, publisher = servers.make_relay()
    publisher._outstanding[99] = "an event that is never confirmed"
    heartbeats = []
    monkeypatch.setattr(publisher.connection, "heartbeat_check", lambda: heartbeats.append(1))
    with pytest.raises(TimeoutError, match="not confirmed"):
        publisher.publish(EVENTS_EXCHANGE, [])
    assert len(heartbeats) > 3, "meanwhile the broker hears that we are there"
