"""Promise 4: of two events about the same thing the newer one counts, in whatever order and however close they come."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import permutations
from pathlib import Path
from threading import Barrier
from threading import Event as Flag
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from kompeten.services import list_services
from shared.contracts.registration import TokensSuperseded
from shared.database.base import SharedBase
from shared.database.unit import Database
from shared.messaging.inbox import retry_waiting, take_in_batch
from shared.messaging.models import InboxRow, InboxState
from shared.messaging.outbox import announce
from shared.messaging.reactions import Reactions
from shared.security.generations import read_generation
from tests.compliance.stacks import Stack
from tests.compliance.states import TOLD_TWICE, ToldTwice
from tests.unit.messaging.ledger import Copy, message, reactions


class Told:
    """An account, as what a fact is about."""

    sequence = 0
    subject = "account/contoh"


def kept(stack: Stack, thing: Any) -> tuple[int, str]:
    with stack.database.reading() as session:
        copy = session.get_one(Copy, thing)
        return copy.sequence, copy.reason


@pytest.mark.parametrize("order", list(permutations([1, 2, 3])), ids=str)
def test_in_any_order(stack: Stack, order: tuple[int, ...]) -> None:
    thing = uuid4()
    for sequence in order:
        take_in_batch(stack.database, reactions, [message(thing, f"state {sequence}", sequence)])
    assert kept(stack, thing) == (3, "state 3")


def test_in_any_order_within_one_batch(stack: Stack) -> None:
    thing = uuid4()
    take_in_batch(stack.database, reactions, [message(thing, f"state {n}", n) for n in (2, 3, 1)])
    assert kept(stack, thing) == (3, "state 3")


def test_the_slower_transaction_with_the_older_event_does_not_write_over_the_newer_one(servers: Stack) -> None:
    """This failure mode means read, compare, write without a lock: both read sequence 1, the older one commits last."""
    thing = uuid4()
    take_in_batch(servers.database, reactions, [message(thing, "first", 1)])
    compared, may_go_on = Flag(), Flag()
    slow = Reactions("ledger")
    (fact_type,) = [kind for kind in reactions.types if "withdrawn" in kind]
    handler = reactions.handlers[fact_type]

    def react_slowly(session: Session, event: Any) -> None:
        compared.set()
        may_go_on.wait(5)
        handler.reaction(session, event)

    slow.handlers[fact_type] = type(handler)(handler.fact, react_slowly, handler.loads)
    with ThreadPoolExecutor(2) as replicas:
        older = replicas.submit(take_in_batch, servers.database, slow, [message(thing, "older", 2)])
        assert compared.wait(5)
        newer = replicas.submit(take_in_batch, servers.another_database(), reactions, [message(thing, "newer", 3)])
        may_go_on_soon(newer, may_go_on)
        older.result(20)
        newer.result(20)
    assert kept(servers, thing) == (3, "newer")


def may_go_on_soon(other: Any, flag: Flag) -> None:
    """Let the slow one go on once the other is through, or waits for its lock."""
    with suppress(TimeoutError):
        other.result(0.5)
    flag.set()


def test_many_replicas_and_the_retry_loop_over_few_things(servers: Stack) -> None:
    things = [uuid4() for _ in range(3)]
    events = [message(thing, f"state {n}", n) for thing in things for n in range(1, 31)]
    together = Barrier(5)

    def take(share: int) -> None:
        database = servers.another_database()
        together.wait()
        for start in range(0, len(events), 10):
            take_in_batch(database, reactions, events[start:][share::4][:10])

    def retry() -> None:
        database = servers.another_database()
        together.wait()
        for _ in range(30):
            retry_waiting(database, reactions)

    with ThreadPoolExecutor(5) as pool:
        for done in [*(pool.submit(take, share) for share in range(4)), pool.submit(retry)]:
            done.result(60)
    for start in range(0, len(events), 50):
        take_in_batch(servers.database, reactions, events[start : start + 50])
    servers.retry_until_quiet()
    assert [kept(servers, thing) for thing in things] == [(30, "state 30")] * 3


@pytest.mark.parametrize("order", list(permutations([1, 2, 3])), ids=str)
def test_the_generation_of_an_account_as_every_service_hears_of_it(stack: Stack, order: tuple[int, ...]) -> None:
    """Told by registration, through the broker, whichever comes last: an ended token never counts again."""
    account, about = uuid4(), Told()
    for generation in order:
        with stack.database.unit_of_work() as session:
            announce(session, about, TokensSuperseded(account_id=account, generation=generation))
        stack.publish()
    stack.start_replica().work()
    with stack.database.reading() as session:
        assert read_generation(session, account) == 3
    assert stack.states() == {InboxState.DONE: 3}


@pytest.mark.parametrize("case", TOLD_TWICE, ids=lambda case: case.name)
def test_every_copy_in_every_service(postgres_url: Callable[[], str], data_dir: Path, case: ToldTwice) -> None:
    """The same race on the tables of the services themselves: an assessor that was blocked, a role taken away (R4)."""
    service = next(service for service in list_services() if service.name == case.service)
    assert service.reactions is not None
    first, second = Database(case.service, postgres_url()), None
    try:
        SharedBase.metadata.create_all(first.engine)
        service.metadata.create_all(first.engine)
        second = Database(case.service, first.engine.url.render_as_string(hide_password=False))
        race(first, second, service.reactions, case)
        with first.reading() as session:
            assert list(session.scalars(select(InboxRow.error).where(InboxRow.error.is_not(None)))) == []
            assert case.read(session) == case.newest
    finally:
        first.close()
        if second is not None:
            second.close()


def race(first: Database, second: Database, reactions: Reactions, case: ToldTwice) -> None:
    """The older event's transaction has looked and not written when the newer one's begins, and commits after it."""
    begin, older, newer = case.bodies()
    with first.unit_of_work() as session:
        case.prepare(session)
    take_in_batch(first, reactions, begin)
    looked, may_go_on = Flag(), Flag()
    slow = Reactions(reactions.service)
    slow.handlers = dict(reactions.handlers)
    handler = reactions.handlers[case.older_type]

    def react_slowly(session: Session, event: Any) -> None:
        looked.set()
        may_go_on.wait(5)
        handler.reaction(session, event)

    slow.handlers[case.older_type] = type(handler)(handler.fact, react_slowly, handler.loads)
    with ThreadPoolExecutor(2) as replicas:
        late = replicas.submit(take_in_batch, first, slow, [older])
        assert looked.wait(5)
        early = replicas.submit(take_in_batch, second, reactions, [newer])
        may_go_on_soon(early, may_go_on)
        late.result(20)
        early.result(20)
    retry_waiting(first, reactions)
