"""The involvement record: told once, never shrinking, ties counting in every case of the person (R1, R7, R10, R25)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shared.contracts.envelope import Event
from shared.contracts.involvement import INVOLVEMENT_FACTS, DecisionPeopleInvolved
from shared.contracts.words import Involvement
from shared.database.unit import Database
from shared.involvement.models import InvolvedPerson
from shared.involvement.reading import read_involvement, read_involvements
from shared.involvement.recording import follow_involvement, record_involvement
from shared.messaging.models import OutboxRow
from shared.messaging.reactions import Reactions
from tests.schema import create_tables

SINCE = datetime(2027, 3, 1, 9, tzinfo=UTC)
CANDIDATE, CASE, OTHER_CASE, SOMEBODY, COLLEAGUE = (uuid4() for _ in range(5))


@dataclass
class About:
    """What the facts are about."""

    sequence: int = 0
    subject: str = f"case/{CASE}"


@pytest.fixture
def session(data_dir: Path) -> Iterator[Session]:
    database = Database("decision", f"sqlite:///{data_dir / 'decision.sqlite3'}")
    create_tables(database)
    with database.unit_of_work() as session:
        yield session
    database.close()


def involved(part: Involvement, *people: UUID, case: UUID = CASE) -> DecisionPeopleInvolved:
    return DecisionPeopleInvolved(
        application_id=case, applicant_id=CANDIDATE, people=list(people), part=part, since=SINCE
    )


def count_told(session: Session) -> int:
    session.flush()
    return session.scalar(select(func.count()).select_from(OutboxRow)) or 0


def test_what_is_known_of_everybody_is_not_told_again(session: Session) -> None:
    about = About()
    record_involvement(session, about, involved(Involvement.DECIDED, SOMEBODY))
    record_involvement(session, about, involved(Involvement.DECIDED, SOMEBODY))
    assert count_told(session) == 1
    record_involvement(session, about, involved(Involvement.DECIDED, SOMEBODY, COLLEAGUE))
    assert count_told(session) == 2
    record = read_involvement(session, CASE, CANDIDATE)
    assert record.list_people(Involvement.DECIDED) == {SOMEBODY, COLLEAGUE}


def test_a_part_counts_in_its_case_and_a_tie_in_every_case_of_the_person(session: Session) -> None:
    about = About()
    for part in Involvement:
        record_involvement(session, about, involved(part, SOMEBODY))
    here, there = read_involvements(session, {CASE: CANDIDATE, OTHER_CASE: CANDIDATE}).values()
    assert {part for part in Involvement if SOMEBODY in here.list_people(part)} == set(Involvement)
    assert {part for part in Involvement if SOMEBODY in there.list_people(part)} == {
        Involvement.TIED,
        Involvement.TRAINED,
    }
    assert not read_involvement(session, OTHER_CASE, uuid4()).list_people(*Involvement)


def test_what_others_tell_is_kept_once_however_often_it_comes(session: Session) -> None:
    fact = involved(Involvement.ASSIGNED, SOMEBODY)
    for _ in range(2):
        follow_involvement(session, Event(uuid4(), fact.type, "/decision", "case/x", SINCE, 1, "c", None, fact))
    assert session.scalar(select(func.count()).select_from(InvolvedPerson)) == 1
    assert count_told(session) == 0


@pytest.mark.parametrize("service", sorted(INVOLVEMENT_FACTS))
def test_each_stage_that_names_people_hears_the_others_and_not_itself(service: str) -> None:
    heard = set(Reactions(service).handlers)
    assert heard & {fact.type for fact in INVOLVEMENT_FACTS.values()} == {
        fact.type for name, fact in INVOLVEMENT_FACTS.items() if name != service
    }


def test_who_names_nobody_hears_of_nobody() -> None:
    assert not set(Reactions("notification").handlers) & {fact.type for fact in INVOLVEMENT_FACTS.values()}
