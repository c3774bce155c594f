"""Promise 2: an effect happens once, however often its event arrives."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import UUID, uuid4

from sqlalchemy import func, select, update

from shared.clock import real_now
from shared.database.retention import sweep_all
from shared.messaging.inbox import replay_event, retry_waiting, take_in_batch
from shared.messaging.models import InboxRow, InboxState, OutboxRow
from shared.messaging.relay import Relay
from shared.messaging.retentions import RETENTIONS
from shared.settings import settings
from tests.compliance.stacks import Stack
from tests.unit.messaging.ledger import message, reactions, tell


def test_an_event_that_comes_twice_in_a_batch_and_again_in_the_next(stack: Stack) -> None:
    id = uuid4()
    body = message(id=id)
    replica = stack.start_replica()
    stack.send(body, message(), body)
    replica.work()
    stack.send(body, message())
    replica.work()
    assert stack.effects()[id] == 1
    assert sum(stack.effects().values()) == 3


def test_replicas_that_take_in_the_same_events_at_once(stack: Stack) -> None:
    """This failure mode means a redelivery beside the first delivery: two transactions with the same inbox rows."""
    ids = [uuid4() for _ in range(40)]
    bodies = [message(id=id) for id in ids]
    together = Barrier(4)

    def take(order: Callable[[list[str]], list[str]]) -> int:
        database = stack.another_database()
        together.wait()
        return take_in_batch(database, reactions, order(bodies))

    orders: list[Callable[[list[str]], list[str]]] = [list, lambda all: all[::-1], list, lambda all: all[::-1]]
    with ThreadPoolExecutor(4) as replicas:
        new = sum(replicas.map(take, orders))
    stack.retry_until_quiet()
    stack.assert_all_once(ids)
    assert new <= len(ids)


def test_the_retry_loop_beside_a_redelivery(stack: Stack) -> None:
    id, thing = uuid4(), uuid4()
    body = message(thing, "early", id=id)
    take_in_batch(stack.database, reactions, [body])
    assert stack.states() == {InboxState.WAITING: 1}
    take_in_batch(stack.database, reactions, [body, message(thing)])
    stack.retry_until_quiet()
    take_in_batch(stack.database, reactions, [body])
    assert stack.effects()[id] == 1


def test_a_dead_event_that_is_replayed_and_comes_again(stack: Stack) -> None:
    id = uuid4()
    body = message(reason="poison", id=id)
    take_in_batch(stack.database, reactions, [body])
    stack.retry_until_quiet()
    assert stack.states() == {InboxState.DEAD: 1}
    with stack.database.unit_of_work() as session:
        row = session.get_one(InboxRow, ("ledger", id, "registration"))
        row.envelope = message(id=id)  # the cause has been mended
        replay_event(row)
    take_in_batch(stack.database, reactions, [body])
    assert retry_waiting(stack.database, reactions) == 1
    take_in_batch(stack.database, reactions, [body])
    assert stack.effects()[id] == 1


def age(stack: Stack, days: float) -> None:
    """Let `days` pass for all that lies in the tables."""
    gone = timedelta(days=days)
    with stack.database.unit_of_work() as session:
        for row in session.scalars(select(OutboxRow)):
            row.created_at -= gone
            row.published_at = row.published_at and row.published_at - gone
        for arrived in session.scalars(select(InboxRow)):
            arrived.received_at -= gone


def start_again(stack: Stack) -> None:
    """An embedded system that starts: what was told lately is offered again, everything is swept by the hour."""
    Relay(stack.database).offer_again()
    stack.publish()
    stack.start_replica().work()
    sweep_all(stack.database, RETENTIONS)


def test_a_system_that_starts_again_and_again_past_the_retention(stack: Stack) -> None:
    """This failure mode means two clocks: the outbox kept by each start, the inbox swept by the day of arrival."""
    first = [tell(stack.database) for _ in range(3)]
    told = stack.told()
    start_again(stack)
    for _ in range(settings().keep_events_days + 3):
        age(stack, 1)
        start_again(stack)
    stack.assert_all_once(told)
    with stack.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(OutboxRow)) == 0, "its outbox is swept all the same"
    assert len(first) == 3


def test_an_old_event_is_not_offered_to_readers_that_may_have_forgotten_it(stack: Stack) -> None:
    tell(stack.database)
    start_again(stack)
    with stack.database.unit_of_work() as session:
        session.execute(
            update(OutboxRow).values(created_at=real_now() - timedelta(days=settings().keep_events_days + 1))
        )
    Relay(stack.database).offer_again()
    assert stack.publish() == 0


def test_what_was_never_published_is_never_swept(stack: Stack) -> None:
    tell(stack.database)
    age(stack, 400)
    sweep_all(stack.database, RETENTIONS)
    assert stack.publish() == 1


def test_the_inbox_outlasts_the_outbox(stack: Stack) -> None:
    tell(stack.database)
    start_again(stack)
    age(stack, settings().keep_events_days + 0.5)
    sweep_all(stack.database, RETENTIONS)
    assert stack.told() == set()
    assert len(stack.inbox()) == 1
    age(stack, 1)
    sweep_all(stack.database, RETENTIONS)
    assert stack.inbox() == {}


def ids_of(stack: Stack) -> set[UUID]:
    return set(stack.inbox())
