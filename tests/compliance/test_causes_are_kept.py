"""Promise 6: what led to what is never cut: an event names what it followed from, through events, jobs and batches."""

import json
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from shared.contracts import Event
from shared.contracts.registration import ApplicationWithdrawn
from shared.database.unit import Database
from shared.messaging.context import beginning_cause, following_cause
from shared.messaging.inbox import take_in_batch
from shared.messaging.jobs import Jobs, Task, enqueue
from shared.messaging.models import OutboxRow
from shared.messaging.outbox import announce
from shared.messaging.reactions import Reactions
from tests.compliance.stacks import Stack
from tests.unit.messaging.ledger import Thing, fact, message


def tell_of_something(session: Session) -> None:
    thing = Thing()
    session.add(thing)
    session.flush()
    announce(session, thing, fact(thing.id))


def told(stack: Stack) -> list[tuple[str, str | None]]:
    """(correlation, causation) of what was told, in order."""
    with stack.database.reading() as session:
        envelopes = [
            json.loads(row) for row in session.scalars(select(OutboxRow.envelope).order_by(OutboxRow.position))
        ]
    return [(envelope["correlationid"], envelope.get("causationid")) for envelope in envelopes]


def asking(kind: str) -> Reactions:
    """A service that answers each event with a job."""
    reactions = Reactions("asking")

    @reactions.on(ApplicationWithdrawn)
    def ask(session: Session, event: Event[Any]) -> None:
        enqueue(session, kind, {"event": str(event.id)}, str(event.id))

    return reactions


def with_correlation(correlation: str) -> tuple[str, str]:
    envelope = json.loads(message()) | {"correlationid": correlation}
    return json.dumps(envelope), envelope["id"]


def test_a_job_follows_from_the_event_that_asked_for_it(stack: Stack) -> None:
    jobs = Jobs("asking")

    @jobs.does("tell")
    def tell(database: Database, _: dict[str, Any]) -> None:
        with database.unit_of_work() as session:
            tell_of_something(session)

    body, event_id = with_correlation("request-1")
    take_in_batch(stack.database, asking("tell"), [body])
    jobs.run_due(stack.database)
    assert told(stack) == [("request-1", event_id)]


def test_each_job_of_a_batch_follows_from_its_own_event(stack: Stack) -> None:
    """This failure mode means one certificate's two facts with two random ids, made in a batch of twenty-four."""
    jobs = Jobs("asking")

    @jobs.does_many("tell", batch=10)
    def tell(database: Database, tasks: list[Task]) -> None:
        with database.unit_of_work() as session:
            for task in tasks:
                with task.following():
                    tell_of_something(session)
                    tell_of_something(session)

    bodies = [with_correlation(f"request-{number}") for number in range(3)]
    take_in_batch(stack.database, asking("tell"), [body for body, _ in bodies])
    jobs.run_due(stack.database)
    expected = [(f"request-{number}", event_id) for number, (_, event_id) in enumerate(bodies)]
    assert sorted(told(stack)) == sorted([*expected, *expected])


def test_a_job_asked_for_by_a_request_follows_from_it(stack: Stack) -> None:
    jobs = Jobs("asking")

    @jobs.does("tell")
    def tell(database: Database, _: dict[str, Any]) -> None:
        with database.unit_of_work() as session:
            tell_of_something(session)

    with following_cause("request-9"), stack.database.unit_of_work() as session:
        enqueue(session, "tell", {}, "a")
    jobs.run_due(stack.database)
    assert told(stack) == [("request-9", None)]


def test_what_one_tick_of_a_timer_tells_belongs_together(stack: Stack) -> None:
    for _ in range(2):
        with beginning_cause(), stack.database.unit_of_work() as session:
            tell_of_something(session)
            tell_of_something(session)
    first, second, third, fourth = (correlation for correlation, _ in told(stack))
    assert first == second
    assert third == fourth
    assert first != third
