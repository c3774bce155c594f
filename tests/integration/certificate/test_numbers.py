"""Numbers on a real PostgreSQL: none lost, none doubled, whoever asks at once (domain handbook 5)."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from random import Random

import pytest
from sqlalchemy import select

from kompeten.schema import migrate_database
from services.certificate.commands.ordering import describe_standing
from services.certificate.domain.states import OrderState
from services.certificate.making.commands.numbering import number_certificate
from services.certificate.models import Certificate, Counter, Order, Version
from shared import clock
from shared.database.unit import Database
from shared.messaging.models import JobRow
from tests.servers.fixtures import FreshDatabase
from tests.unit.certificate.scene import Candidate, hear

WRITERS, ROUNDS = 8, 6


class Abandoned(Exception):
    """Somebody gave up in the middle of a transaction."""


@pytest.fixture
def database(postgres_url: FreshDatabase) -> Iterator[Database]:
    database = Database("certificate", postgres_url())
    migrate_database(database)
    yield database
    database.close()


def number_one(database: Database, name: str, abandon: bool) -> None:
    candidate = Candidate(name)
    with database.unit_of_work() as session:
        hear(session, candidate.submitted(), candidate.photographed(), candidate.decided())
    with database.unit_of_work() as session:
        number_certificate(session, candidate.sign(session))
        if abandon:
            session.flush()
            raise Abandoned


def test_many_at_once_and_some_given_up_leave_no_gap_and_no_double(database: Database) -> None:
    abandoned = [Random(writer).sample(range(ROUNDS), 2) for writer in range(WRITERS)]

    def write(writer: int) -> None:
        for turn in range(ROUNDS):
            if turn in abandoned[writer]:
                with pytest.raises(Abandoned):
                    number_one(database, f"CALON {writer} {turn} CONTOH", abandon=True)
            else:
                number_one(database, f"CALON {writer} {turn} CONTOH", abandon=False)

    with ThreadPoolExecutor(WRITERS) as writers:
        list(writers.map(write, range(WRITERS)))
    with database.reading() as session:
        serials = sorted(session.scalars(select(Certificate.serial)))
        registered = sorted(session.scalars(select(Certificate.registration_number)))
        places = session.scalars(select(Version.status_index)).all()
        counted = {counter.name: counter.value for counter in session.scalars(select(Counter))}
    expected = WRITERS * (ROUNDS - 2)
    assert serials == list(range(1, expected + 1))
    assert len(set(registered)) == expected
    assert len(set(places)) == expected
    assert counted == {
        "certificate": expected,
        f"registration {clock.today().year}": expected,
        "status": 0,
        "status-place": expected,
    }


def test_signing_and_deciding_at_the_same_moment_clears_exactly_once(database: Database) -> None:
    """This failure mode means that each of the two sees the other's half as missing, and nobody clears the order."""
    for turn in range(10):
        candidate = Candidate(f"CALON {turn} CONTOH")
        with database.unit_of_work() as session:
            hear(session, candidate.submitted(), candidate.photographed(), candidate.recommended())

        def decide(candidate: Candidate = candidate) -> None:
            with database.unit_of_work() as session:
                hear(session, candidate.decided())

        def sign(candidate: Candidate = candidate) -> None:
            with database.unit_of_work() as session:
                candidate.sign(session)

        with ThreadPoolExecutor(2) as both:
            outcomes = [both.submit(decide), both.submit(sign)]
        for outcome, again in zip(outcomes, (decide, sign), strict=True):
            if outcome.exception() is not None:  # lost the race: the inbox, or the person, tries again
                again()
        with database.reading() as session:
            assert session.get_one(Order, candidate.application_id).state is OrderState.CLEARED
            assert len(session.scalars(select(JobRow).where(JobRow.key == str(candidate.application_id))).all()) == 1


def test_the_stored_order_keeps_what_was_judged(database: Database) -> None:
    candidate = Candidate()
    with database.unit_of_work() as session:
        hear(session, candidate.submitted(), candidate.photographed(), candidate.decided())
    with database.reading() as session:
        order = session.get_one(Order, candidate.application_id)
        assert describe_standing(order).judgements == {unit.unit: "K" for unit in candidate.decided().units}
