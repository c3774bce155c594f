"""All promises together: whatever happens in whatever order, in the end every event told has had its effect once.

A state machine (hypothesis) over two replicas, the retry loop and the relay: events are told and published, arrive
twice and out of order, beside poison; batches fail before and after their effect; replicas die; the relay dies between
confirm and mark; time passes and old rows are swept; the database answers that it is away. After each history all
faults end, and what was told is counted.
"""

import itertools
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from shared.database.retention import sweep_all
from shared.database.unit import Database, DatabaseAway, Why
from shared.messaging.admission import Body
from shared.messaging.consumer import handle_batch
from shared.messaging.inbox import replay_event, retry_waiting
from shared.messaging.models import InboxRow, InboxState, OutboxRow
from shared.messaging.outbox import announce
from shared.messaging.reactions import Reactions
from shared.messaging.relay import Publisher
from shared.messaging.retentions import RETENTIONS
from tests.compliance.stacks import Replica, Stack, stack_at
from tests.unit.messaging.ledger import Copy, Thing, fact, message, reactions, tell

REPLICAS = st.integers(0, 1)


class Machine(RuleBasedStateMachine):
    """One system under everything that may happen to it."""

    def open_stack(self) -> Stack:
        """A new system, closed with `cleanup`."""
        raise NotImplementedError

    def __init__(self) -> None:
        super().__init__()
        self.cleanup = ExitStack()
        self.newest: dict[UUID, int] = {}
        self.direct: dict[UUID, str] = {}
        self.all_told: set[UUID] = set()

    @initialize()
    def begin(self) -> None:
        self.stack = self.open_stack()
        self.replicas: list[Replica] = [self.stack.start_replica(), self.stack.start_replica()]
        for _ in range(3):
            self.tell_new(1, published=True)

    def teardown(self) -> None:
        try:
            if hasattr(self, "replicas"):
                self.settle_and_count()
        finally:
            self.cleanup.close()

    # what people do

    @rule(times=st.integers(1, 4), published=st.booleans())
    def tell_of_a_new_thing(self, times: int, published: bool) -> None:
        self.tell_new(times, published=published)

    @rule(data=st.data(), published=st.booleans())
    def tell_of_a_known_thing(self, data: Any, published: bool) -> None:
        thing_id = data.draw(st.sampled_from(sorted(self.newest)))
        with self.stack.database.unit_of_work() as session:
            thing = session.get_one(Thing, thing_id)
            announce(session, thing, fact(thing_id, "told"))
            self.newest[thing_id] = thing.sequence
        self.note_told()
        if published:
            self.stack.publish()

    @rule(refused=st.sampled_from(["poison", "nul", "dangling"]))
    def send_an_event_that_always_fails(self, refused: str) -> None:
        self.stack.send(message(reason=refused))

    @rule(body=st.one_of(st.binary(max_size=20), st.just(b"\x00"), st.just(message(id=UUID(int=1))[:-9].encode())))
    def send_poison(self, body: bytes) -> None:
        self.stack.send(body)

    @rule()
    def send_an_event_before_what_it_builds_on(self) -> None:
        id, thing = uuid4(), uuid4()
        first, second = message(thing, "early", sequence=2, id=id), message(thing, sequence=1)
        self.direct[id] = second
        self.stack.send(first)

    # what machines do

    @rule()
    def publish(self) -> None:
        self.stack.publish()

    @rule()
    def the_relay_dies_between_confirm_and_mark(self) -> None:
        publish = Publisher.publish

        def die(publisher: Publisher, exchange: str, rows: Sequence[tuple[str, str, str]]) -> set[str]:
            publish(publisher, exchange, rows)
            raise SystemExit

        relay, publisher = self.stack.make_relay()
        Publisher.publish = die  # type: ignore[method-assign,assignment]
        try:
            relay.publish_batch(publisher)
        except SystemExit:
            pass
        finally:
            Publisher.publish = publish  # type: ignore[method-assign]

    @rule(which=REPLICAS)
    def handle(self, which: int) -> None:
        self.replicas[which].hear()
        self.replicas[which].handle()

    @rule(which=REPLICAS, after=st.booleans())
    def a_batch_fails(self, which: int, after: bool) -> None:
        """Before anything was written, or after all of it was committed."""

        def fail(database: Database, reactions: Reactions, bodies: Sequence[Body]) -> BaseException | None:
            if after:
                handle_batch(database, reactions, bodies)
            return MemoryError()

        self.replicas[which].hear()
        self.replicas[which].handle(fail)

    @rule(which=REPLICAS, after=st.booleans())
    def a_replica_dies(self, which: int, after: bool) -> None:
        """With messages in hand, or with their effects committed and not acknowledged."""
        replica = self.replicas[which]
        replica.hear()
        if after and (batch := replica.deliveries.take_batch()):
            handle_batch(replica.database, reactions, batch.bodies)
        self.stack.kill(replica)
        self.replicas[which] = self.stack.start_replica()
        if not replica.is_amqp:  # the broker in memory died with it, and what was told beside the outbox
            self.replicas[1 - which] = self.stack.start_replica()

    @rule()
    def retry(self) -> None:
        self.stack.make_due()
        retry_waiting(self.stack.database, reactions)

    @rule()
    def a_retry_finds_the_database_away(self) -> None:
        self.stack.make_due()
        database = self.stack.database
        unit_of_work = database.unit_of_work

        def away() -> Any:
            raise DatabaseAway(Why.LOST)

        database.unit_of_work = away  # type: ignore[method-assign]
        try:
            with pytest.raises(DatabaseAway):
                retry_waiting(database, reactions)
        finally:
            database.unit_of_work = unit_of_work  # type: ignore[method-assign]

    @rule()
    def replay_all_that_is_dead(self) -> None:
        with self.stack.database.unit_of_work() as session:
            for row in session.scalars(select(InboxRow).where(InboxRow.state == InboxState.DEAD)):
                if row.type in reactions.types:
                    replay_event(row)

    @rule(days=st.integers(1, 9))
    def time_passes(self, days: int) -> None:
        if not self.stack.on_servers:  # what a broker in memory has is heard in seconds, or dies with its process
            for replica in self.replicas:
                replica.work()
        gone = timedelta(days=days)
        with self.stack.database.unit_of_work() as session:
            for row in session.scalars(select(OutboxRow)):
                row.created_at -= gone
                row.published_at = row.published_at and row.published_at - gone
            for arrived in session.scalars(select(InboxRow)):
                arrived.received_at -= gone
        sweep_all(self.stack.database, RETENTIONS)

    @invariant()
    def nothing_happened_twice(self) -> None:
        if hasattr(self, "stack"):
            assert set(self.stack.effects().values()) <= {1}

    # the end

    def tell_new(self, times: int, *, published: bool) -> None:
        thing = tell(self.stack.database, "told", times)
        self.newest[thing] = times
        self.note_told()
        if published:
            self.stack.publish()

    def note_told(self) -> None:
        self.all_told |= self.stack.told()

    def settle_and_count(self) -> None:
        """All faults are over: publish, hear, retry until nothing moves. Then count."""
        for body in self.direct.values():
            self.stack.send(body)
        for _ in itertools.repeat(None, 40):
            self.stack.publish()
            for replica in self.replicas:
                replica.deliveries.now = lambda: 1e12
                replica.work()
            self.stack.retry_until_quiet()
            if not self.stack.states()[InboxState.WAITING]:
                break
        self.stack.assert_all_once(self.all_told)
        with self.stack.database.reading() as session:
            kept = {row.id: row.sequence for row in session.scalars(select(Copy)) if row.id in self.newest}
        assert kept == self.newest
        if self.stack.on_servers:  # embedded, what is sent past the outbox dies with the broker
            self.stack.assert_all_once(self.direct)
            assert self.stack.take_dead() == 0


FEW = settings(
    max_examples=15,
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    print_blob=True,
)


@pytest.mark.timeout(600)
def test_on_servers(shared_servers: tuple[str, str]) -> None:
    class OnServers(Machine):
        def open_stack(self) -> Stack:
            return self.cleanup.enter_context(stack_at("servers", *shared_servers))

    run_state_machine_as_test(OnServers, settings=FEW)


@pytest.mark.timeout(600)
def test_embedded(tmp_path: Path) -> None:
    class Embedded(Machine):
        def open_stack(self) -> Stack:
            folder = self.cleanup.enter_context(TemporaryDirectory(dir=tmp_path))
            url = f"sqlite:///{folder}/ledger.sqlite3"
            return self.cleanup.enter_context(stack_at("embedded", url, "memory://localhost"))

    run_state_machine_as_test(Embedded, settings=settings(FEW, max_examples=60))
