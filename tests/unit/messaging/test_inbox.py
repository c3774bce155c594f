import logging
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event as sql_event
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from shared.clock import real_now
from shared.contracts import Event
from shared.contracts.registration import ApplicationWithdrawn
from shared.database.unit import Database, DatabaseAway
from shared.messaging.context import causation, correlation_id
from shared.messaging.inbox import replay_event, retry_waiting, take_in_batch
from shared.messaging.models import InboxRow, InboxState
from shared.messaging.reactions import NotYet, Reactions
from shared.settings import settings
from tests.clock import stopped_at
from tests.unit.messaging.ledger import Copy, Effect, message, reactions


def effects(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(Effect)) or 0


def states(database: Database) -> list[str]:
    with database.reading() as session:
        return sorted(session.scalars(select(InboxRow.state)))


def make_due(database: Database) -> None:
    with database.unit_of_work() as session:
        session.execute(update(InboxRow).values(next_try_at=real_now() - timedelta(seconds=1)))


def test_a_batch_has_one_effect_for_each_event(database: Database) -> None:
    assert take_in_batch(database, reactions, [message() for _ in range(20)]) == 20
    assert effects(database) == 20


def test_an_event_has_its_effect_once_however_often_it_arrives(database: Database) -> None:
    body = message()
    take_in_batch(database, reactions, [body, body])
    take_in_batch(database, reactions, [body, message(), body])
    assert effects(database) == 2


def test_a_poison_event_fails_alone_and_is_dead_after_its_last_try(database: Database) -> None:
    take_in_batch(database, reactions, [message(), message(reason="poison"), message()])
    assert effects(database) == 2
    for _ in range(10):
        make_due(database)
        retry_waiting(database, reactions)
    assert states(database) == [InboxState.DEAD, InboxState.DONE, InboxState.DONE]
    with database.reading() as session:
        dead = session.scalars(select(InboxRow).where(InboxRow.state == InboxState.DEAD)).one()
    assert dead.error == "ValueError: poison"
    assert dead.tries == 8
    assert dead.envelope


def test_pauses_between_tries_double(database: Database) -> None:
    pauses = []
    with stopped_at(real_now()):
        take_in_batch(database, reactions, [message(reason="poison")])
        for _ in range(3):
            with database.reading() as session:
                row = session.scalars(select(InboxRow)).one()
            assert row.next_try_at is not None
            pauses.append((row.next_try_at - real_now()).total_seconds())
            make_due(database)
            retry_waiting(database, reactions)
    assert [first <= pause <= 1.2 * first for first, pause in zip([1, 2, 4], pauses, strict=True)] == [True] * 3


def test_an_early_event_waits_for_what_it_builds_on(database: Database) -> None:
    thing = uuid4()
    take_in_batch(database, reactions, [message(thing, "early", sequence=2)])
    assert states(database) == [InboxState.WAITING]
    take_in_batch(database, reactions, [message(thing, sequence=1)])
    make_due(database)
    assert retry_waiting(database, reactions) == 1
    assert effects(database) == 2
    assert states(database) == [InboxState.DONE, InboxState.DONE]


def test_waiting_is_no_failure_until_it_has_lasted(database: Database) -> None:
    take_in_batch(database, reactions, [message(reason="early")])
    for _ in range(20):
        make_due(database)
        retry_waiting(database, reactions)
    assert states(database) == [InboxState.WAITING]
    with database.unit_of_work() as session:
        session.execute(update(InboxRow).values(waiting_since=real_now() - timedelta(hours=2)))
    make_due(database)
    retry_waiting(database, reactions)
    assert states(database) == [InboxState.DEAD]


def test_state_older_than_what_is_known_is_ignored(database: Database) -> None:
    thing = uuid4()
    take_in_batch(database, reactions, [message(thing, "new", sequence=2), message(thing, "old", sequence=1)])
    with database.reading() as session:
        assert session.get_one(Copy, thing).reason == "new"


def test_a_second_event_in_a_batch_sees_what_the_first_one_added(database: Database) -> None:
    thing = uuid4()
    take_in_batch(database, reactions, [message(thing, "first", sequence=1), message(thing, "second", sequence=2)])
    with database.reading() as session:
        assert session.get_one(Copy, thing).sequence == 2


@pytest.mark.parametrize("body", ["", "{}", "\x00", '{"specversion": 1}', b"\xff\xfe", "[]", '"text"'])
def test_what_is_no_event_is_dead_at_once_with_the_reason(database: Database, body: str | bytes) -> None:
    take_in_batch(database, reactions, [body, message()])
    assert effects(database) == 1
    assert states(database) == [InboxState.DEAD, InboxState.DONE]


def test_an_event_that_does_not_fit_its_contract_is_dead_with_the_field(database: Database) -> None:
    event = uuid4()
    take_in_batch(database, reactions, [message(id=event).replace('"applicant_id"', '"somebody"')])
    with database.reading() as session:
        dead = session.get_one(InboxRow, ("ledger", event, "registration"))
    assert dead.state == InboxState.DEAD
    assert "applicant_id: Field required" in (dead.error or "")


def test_what_only_a_newer_version_listens_to_waits_for_it(database: Database) -> None:
    """This failure mode means that an update loses what a replica of before has taken from the queue."""
    older = Reactions("ledger")
    event = uuid4()
    for _ in range(2):
        take_in_batch(database, older, [message(id=event)])
    assert states(database) == [InboxState.WAITING]
    assert retry_waiting(database, older) == 1
    assert states(database) == [InboxState.WAITING]
    make_due(database)
    assert retry_waiting(database, reactions) == 1
    assert states(database) == [InboxState.DONE]
    assert effects(database) == 1


def test_what_no_version_listens_to_is_dead_after_its_time(database: Database) -> None:
    take_in_batch(database, reactions, [message().replace("application_withdrawn", "something_new")])
    with stopped_at(real_now() + timedelta(seconds=settings().not_yet_limit_seconds + 60)):
        retry_waiting(database, reactions)
    assert states(database) == [InboxState.DEAD]


def test_a_replayed_letter_gets_its_tries_again(database: Database) -> None:
    event = uuid4()
    take_in_batch(database, reactions, [message(reason="poison", id=event)])
    with database.unit_of_work() as session:
        row = session.get_one(InboxRow, ("ledger", event, "registration"))
        row.state = InboxState.DEAD
        row.envelope = message(id=event)
    with database.unit_of_work() as session:
        replay_event(session.get_one(InboxRow, ("ledger", event, "registration")))
    assert retry_waiting(database, reactions) == 1
    assert effects(database) == 1


def test_a_batch_costs_the_same_few_statements_whatever_its_size(database: Database) -> None:
    counts = []
    for size in (5, 50):
        statements: list[str] = []
        listener = lambda *args: statements.append(args[2])  # noqa: E731, B023
        sql_event.listen(database.engine, "before_cursor_execute", listener)
        take_in_batch(database, reactions, [message() for _ in range(size)])
        sql_event.remove(database.engine, "before_cursor_execute", listener)
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 6


def test_nothing_is_taken_in_while_the_database_is_away() -> None:
    away = Database("ledger", "postgresql+psycopg2://nobody@127.0.0.1:1/nothing")
    with pytest.raises(DatabaseAway):
        take_in_batch(away, reactions, [message()])
    away.close()


def test_two_different_unreadable_messages_are_two_letters(database: Database) -> None:
    take_in_batch(database, reactions, ["one", "two", "one"])
    with database.reading() as session:
        ids: list[UUID] = list(session.scalars(select(InboxRow.event_id)))
    assert len(ids) == 2


def read_letter(database: Database, event: UUID) -> InboxRow:
    with database.reading() as session:
        return session.get_one(InboxRow, ("ledger", event, "registration"))


def test_what_was_taken_in_is_written_down_without_its_words(database: Database) -> None:
    event, thing = uuid4(), uuid4()
    with stopped_at(real_now()):
        take_in_batch(database, reactions, [message(thing, id=event)])
        row = read_letter(database, event)
        assert (row.state, row.tries, row.received_at) == (InboxState.DONE, 1, real_now())
    assert (row.type, row.subject) == ("id.kompeten.registration.application_withdrawn.v1", f"thing/{thing}")
    assert (row.envelope, row.error, row.next_try_at) == (None, None, None)


def test_how_many_were_new_is_told(database: Database) -> None:
    body = message()
    assert take_in_batch(database, reactions, []) == 0
    assert take_in_batch(database, reactions, ["no event"]) == 0
    assert take_in_batch(database, reactions, [body, message(reason="poison"), message()]) == 2
    assert take_in_batch(database, reactions, [body, message()]) == 1


def test_a_misfit_is_dead_at_once_with_what_it_is(database: Database) -> None:
    event, thing = uuid4(), uuid4()
    body = message(thing, id=event).replace('"applicant_id"', '"somebody"')
    with stopped_at(real_now()):
        take_in_batch(database, reactions, [body])
        row = read_letter(database, event)
        assert (row.state, row.tries, row.received_at, row.envelope) == (InboxState.DEAD, 0, real_now(), body)
    assert (row.type, row.subject) == ("id.kompeten.registration.application_withdrawn.v1", f"thing/{thing}")
    assert row.error == "does not fit its contract: applicant_id: Field required"


def test_an_event_that_succeeds_late_is_done_and_nothing_of_its_failure_stays(database: Database) -> None:
    thing, early = uuid4(), uuid4()
    body = message(thing, "early", sequence=2, id=early)
    with stopped_at(real_now()):
        take_in_batch(database, reactions, [body])
        row = read_letter(database, early)
        assert (row.state, row.tries, row.envelope, row.error) == (InboxState.WAITING, 0, body, "NotYet: no copy yet")
        assert row.waiting_since == real_now()
        assert row.next_try_at == real_now() + timedelta(seconds=settings().not_yet_seconds)
    take_in_batch(database, reactions, [message(thing, sequence=1)])
    make_due(database)
    retry_waiting(database, reactions)
    row = read_letter(database, early)
    assert (row.state, row.envelope, row.error, row.next_try_at) == (InboxState.DONE, None, None, None)


def test_waiting_in_vain_ends_just_after_its_limit(database: Database) -> None:
    event, since = uuid4(), real_now()
    limit = timedelta(seconds=settings().not_yet_limit_seconds)
    with stopped_at(since):
        take_in_batch(database, reactions, [message(reason="early", id=event)])
    with stopped_at(since + limit):
        retry_waiting(database, reactions)
        assert read_letter(database, event).state == InboxState.WAITING
    with stopped_at(since + limit + timedelta(minutes=10)):
        retry_waiting(database, reactions)
        row = read_letter(database, event)
    assert (row.state, row.next_try_at, row.waiting_since) == (InboxState.DEAD, None, since)


def test_no_more_are_tried_again_than_asked_for_and_the_longest_due_first(database: Database) -> None:
    events = [uuid4() for _ in range(3)]
    take_in_batch(database, reactions, [message(reason="poison", id=event) for event in events])
    with database.unit_of_work() as session:
        for minutes, event in enumerate(events, start=1):
            row = session.get_one(InboxRow, ("ledger", event, "registration"))
            row.next_try_at = real_now() - timedelta(minutes=minutes)
    assert retry_waiting(database, reactions, limit=2) == 2
    assert [read_letter(database, event).tries for event in events] == [1, 2, 2]
    assert retry_waiting(database, reactions, limit=2) == 1
    assert retry_waiting(database, reactions) == 0


def test_another_services_letters_are_left_to_it(database: Database) -> None:
    take_in_batch(database, reactions, [message(reason="poison")])
    with database.unit_of_work() as session:
        session.execute(update(InboxRow).values(consumer="somebody else"))
    make_due(database)
    assert retry_waiting(database, reactions) == 0


def test_a_letter_that_fails_only_at_the_commit_is_tried_later_and_no_other_is_held_up(database: Database) -> None:
    dangling, good = uuid4(), uuid4()
    take_in_batch(database, reactions, [message(reason="dangling", id=dangling), message(id=good)])
    row = read_letter(database, dangling)
    assert (row.state, row.tries) == (InboxState.WAITING, 1)
    make_due(database)
    assert retry_waiting(database, reactions) == 1
    row = read_letter(database, dangling)
    assert (row.state, row.tries) == (InboxState.WAITING, 2)
    assert "IntegrityError" in (row.error or "")
    assert effects(database) == 1


def test_a_replayed_letter_begins_anew(database: Database) -> None:
    event = uuid4()
    take_in_batch(database, reactions, [message(reason="early", id=event)])
    with stopped_at(real_now()):
        with database.unit_of_work() as session:
            row = session.get_one(InboxRow, ("ledger", event, "registration"))
            row.state, row.tries, row.next_try_at = InboxState.DEAD, 8, None
            replay_event(row)
        row = read_letter(database, event)
        assert (row.state, row.tries, row.next_try_at) == (InboxState.WAITING, 0, real_now())
        assert row.waiting_since is None


def test_what_follows_from_an_event_follows_from_it_when_it_is_tried_again_too(database: Database) -> None:
    causes: list[tuple[str, str | None]] = []
    hesitant = Reactions("ledger")

    @hesitant.on(ApplicationWithdrawn)
    def note(session: Session, event: Event[ApplicationWithdrawn]) -> None:
        causes.append((correlation_id(), causation.get()))
        if len(causes) <= 2:
            raise NotYet("nothing to build on")

    event = uuid4()
    take_in_batch(database, hesitant, [message(id=event)])
    make_due(database)
    assert retry_waiting(database, hesitant) == 1
    assert causes == [("test", str(event))] * 3
    assert causation.get() is None


def test_the_log_tells_which_letter_and_what_kind_of_failure_and_not_its_words(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    event = uuid4()
    take_in_batch(database, reactions, [message(reason="poison", id=event)])
    while states(database) != [InboxState.DEAD]:
        make_due(database)
        retry_waiting(database, reactions)
    type_ = "id.kompeten.registration.application_withdrawn.v1"
    told = [(record.levelno, record.getMessage()) for record in caplog.records if str(event) in record.getMessage()]
    assert told == [
        *[(logging.INFO, f"{type_} {event}: waits (ValueError)")] * (settings().retry_tries - 1),
        (logging.ERROR, f"{type_} {event}: dead (ValueError)"),
    ]
