"""Promise 3: a message that cannot be taken in fails alone."""

import gzip
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.contracts.registration import ApplicationWithdrawn
from shared.messaging.inbox import take_in_batch
from shared.messaging.models import InboxState
from shared.messaging.outbox import announce
from tests.compliance.stacks import Stack
from tests.unit.messaging.ledger import Thing, fact, message, reactions, tell


def changed(**changes: Any) -> str:
    """A good message with some of its envelope changed."""
    return json.dumps(json.loads(message()) | changes)


def with_data(**changes: Any) -> str:
    envelope = json.loads(message())
    return json.dumps(envelope | {"data": envelope["data"] | changes})


POISON: dict[str, bytes | str] = {
    "nul": b"\x00 no json",
    "nul inside": b'{"id": "\x00"}',
    "empty": b"",
    "no utf-8": b"\xff\xfe\x00\x01",
    "half a character": message().encode()[:-5] + b"\xc3",
    "lone surrogate": changed().replace('"test"', '"\\ud800"'),
    "a number": b"1",
    "a list": b"[]",
    "deep": b"[" * 5000 + b"]" * 5000,
    "deep objects": b'{"a":' * 5000 + b"1" + b"}" * 5000,
    "no id": changed(id="x"),
    "long subject": changed(subject="thing/" + "x" * 500),
    "long subject of four bytes each": changed(subject="\U0001f600" * 121),
    "nul in subject": changed(subject="thing/\x00"),
    "nul in a field": with_data(reason="a\x00b"),
    "nul in a field nobody reads": with_data(unknown={"a": ["\x00"]}),
    "nul in correlation": changed(correlationid="\x00"),
    "correlation longer than the column": changed(correlationid="x" * 121),
    "causation longer than the column": changed(causationid="x" * 121),
    "sequence beyond the column": changed(sequence=2**31),
    "sequence beyond everything": changed(sequence=10**400),
    "negative sequence": changed(sequence=-1),
    "sequence no number": changed(sequence="NaN"),
    "no time": changed(time="yesterday"),
    "year 10000": changed(time="10000-01-01T00:00:00Z"),
    "field missing": changed(data={}),
    "data a list": changed(data=[]),
    "data null": changed(data=None),
}


@pytest.mark.parametrize("name", POISON)
def test_the_good_events_beside_it_are_taken_in(stack: Stack, name: str) -> None:
    before, after = uuid4(), uuid4()
    stack.send(message(id=before), POISON[name], message(id=after))
    replica = stack.start_replica()
    replica.work()
    stack.assert_all_once([before, after])
    assert stack.states()[InboxState.DEAD] == 1, stack.states()
    (dead,) = [row for row in stack.inbox().values() if row.state == InboxState.DEAD]
    assert dead.error
    assert dead.envelope is not None


@pytest.mark.parametrize("compression", ["application/x-gzip", "gzip", "bzip2", "no such thing"])
def test_what_calls_itself_compressed_comes_to_the_same_door(servers: Stack, compression: str) -> None:
    """This failure mode means the library unpacking it before anybody looks: an error that ends the consumer, a body in
    the log and an acknowledgement, or a bomb.
    """
    good, bomb = uuid4(), gzip.compress(b"0" * 50_000_000)
    servers.send(b"not compressed", bomb, compression=compression)
    servers.send(message(id=good))
    servers.start_replica().work()
    servers.assert_all_once([good])
    dead = [row for row in servers.inbox().values() if row.state == InboxState.DEAD]
    assert len(dead) == 2
    assert max(len(row.envelope or "") for row in dead) < 100_000, "it was kept as it came"


@pytest.mark.parametrize("reason", ["poison", "nul", "dangling"])
def test_an_event_whose_reaction_fails_is_dead_after_its_tries_and_the_others_go_on(stack: Stack, reason: str) -> None:
    """This failure mode means a failure that cannot be written down: it is the next one to be tried, for ever."""
    good = [uuid4() for _ in range(3)]
    thing = uuid4()
    waits = uuid4()
    bodies = [message(id=good[0]), message(reason=reason), message(id=good[1]), message(thing, "early", id=waits)]
    take_in_batch(stack.database, reactions, bodies)
    take_in_batch(stack.database, reactions, [message(thing, id=good[2])])
    stack.retry_until_quiet()
    stack.assert_all_once([*good, waits])
    assert stack.states() == {InboxState.DONE: 4, InboxState.DEAD: 1}


def test_a_reaction_that_never_ends_fails_alone(servers: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    """This failure mode means a statement ended by its time limit: taken for "the database is away", it is held and
    run again for ever, and everything behind it waits.
    """
    from shared.settings import settings as read

    monkeypatch.setenv("KOMPETEN_DATABASE_STATEMENT_SECONDS", "1")
    read.cache_clear()
    try:
        database, good = servers.another_database(), uuid4()
        take_in_batch(database, reactions, [message(reason="slow"), message(id=good)])
    finally:
        read.cache_clear()
    servers.assert_all_once([good])
    assert servers.states() == {InboxState.DONE: 1, InboxState.WAITING: 1}


def test_two_replicas_lay_the_same_misfit_aside_at_once(stack: Stack) -> None:
    """This failure mode means the second one failing on the first one's row, and with it the good events beside it."""
    together = Barrier(4)
    good = [uuid4() for _ in range(4)]

    def take(number: int) -> int:
        database = stack.another_database()
        together.wait()
        return take_in_batch(database, reactions, [*POISON.values(), message(id=good[number])])

    with ThreadPoolExecutor(4) as replicas:
        list(replicas.map(take, range(4)))
    stack.assert_all_once(good)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.binary(max_size=300))
def test_no_bytes_stop_the_door(stack: Stack, body: bytes) -> None:
    good = uuid4()
    take_in_batch(stack.database, reactions, [body, message(id=good)])
    stack.assert_all_once([good])


envelopes = st.fixed_dictionaries(
    {},
    optional={
        "id": st.one_of(st.uuids().map(str), st.text(max_size=40)),
        "type": st.one_of(st.just(ApplicationWithdrawn.type), st.text(max_size=200)),
        "subject": st.text(max_size=300),
        "sequence": st.integers(),
        "source": st.text(max_size=300),
        "time": st.one_of(st.datetimes().map(str), st.text()),
        "correlationid": st.text(max_size=300),
        "data": st.one_of(st.none(), st.dictionaries(st.text(), st.text())),
    },
)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=envelopes)
def test_no_envelope_stops_the_door(stack: Stack, changes: dict[str, Any]) -> None:
    good = uuid4()
    take_in_batch(stack.database, reactions, [changed(**changes), message(id=good)])
    assert stack.effects()[good] == 1


UNTELLABLE: dict[str, Callable[[], ApplicationWithdrawn]] = {
    "a text with NUL": lambda: fact(uuid4(), "a\x00b"),
    "more than a broker takes": lambda: fact(uuid4(), "x" * 5_000_000),
}


@pytest.mark.parametrize("name", UNTELLABLE)
def test_what_no_reader_could_keep_is_not_told(stack: Stack, name: str) -> None:
    """This failure mode means one event in the outbox that closes the channel each time it is published."""

    def tell_it() -> None:
        with stack.database.unit_of_work() as session:
            thing = Thing()
            session.add(thing)
            session.flush()
            announce(session, thing, UNTELLABLE[name]())

    with pytest.raises(ValueError, match="application_withdrawn"):
        tell_it()
    tell(stack.database)
    assert stack.publish() == 1
