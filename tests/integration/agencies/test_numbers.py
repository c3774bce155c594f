"""Positions in the feed, while many transactions commit and several replicas number them, on PostgreSQL."""

import random
import threading
import time
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from kompeten.schema import migrate_database
from services.certificate.agencies.commands.public_events import number_public_events
from services.certificate.agencies.models import PublicEvent
from services.certificate.agencies.queries import feed
from shared.database.unit import Database
from tests.unit.certificate.agencies.scene import tell

WRITERS, EACH, NUMBERERS = 6, 25, 3


@pytest.fixture
def database(postgres_database: str) -> Iterator[Database]:
    database = Database("certificate", postgres_database)
    migrate_database(database)
    yield database
    database.close()


def write(database: Database, seed: int) -> None:
    """Transactions that take their time between telling and committing; every fifth is rolled back."""
    chance = random.Random(seed)
    for turn in range(EACH):
        try:
            with database.unit_of_work() as session:
                for _ in range(chance.randint(1, 3)):
                    tell(session)
                session.flush()
                time.sleep(chance.uniform(0, 0.03))
                if turn % 5 == 4:
                    raise InterruptedError
        except InterruptedError:
            continue


class Reader(threading.Thread):
    """Follows the feed while it grows, as an agency does."""

    def __init__(self, database: Database) -> None:
        super().__init__(daemon=True)
        self.database = database
        self.after, self.got = 0, list[int]()
        self.ids = list[str]()
        self.last_round = threading.Event()

    def run(self) -> None:
        while True:
            last = self.last_round.is_set()
            with self.database.reading() as session:
                batch = feed.list_public_events(session, self.after, 7)
            self.got += [event.position for event in batch.events]
            self.ids += [str(event.id) for event in batch.events]
            self.after = batch.after
            if last and not batch.events:
                return


def keep_numbering(database: Database, stop: threading.Event) -> None:
    while not stop.is_set():
        with database.unit_of_work() as session:
            number_public_events(session)


def test_no_reader_ever_misses_one(database: Database) -> None:
    stop = threading.Event()
    readers = [Reader(database) for _ in range(2)]
    numberers = [threading.Thread(target=keep_numbering, args=(database, stop)) for _ in range(NUMBERERS)]
    writers = [threading.Thread(target=write, args=(database, seed)) for seed in range(WRITERS)]
    for thread in (*readers, *numberers, *writers):
        thread.start()
    for writer in writers:
        writer.join()
    stop.set()
    for numberer in numberers:
        numberer.join()
    with database.unit_of_work() as session:
        number_public_events(session)
    for reader in readers:
        reader.last_round.set()
        reader.join()
    with database.reading() as session:
        events = session.execute(select(PublicEvent.position, PublicEvent.id).order_by(PublicEvent.position)).all()
    assert len(events) >= WRITERS * EACH * 4 // 5
    assert [event.position for event in events] == list(range(1, len(events) + 1)), "no gap, none without a position"
    for reader in readers:
        assert reader.got == [event.position for event in events]
        assert reader.ids == [str(event.id) for event in events]


def test_events_of_one_transaction_keep_their_order(database: Database) -> None:
    with database.unit_of_work() as session:
        for _ in range(5):
            tell(session)
    with database.unit_of_work() as session:
        assert number_public_events(session) == 5
        assert number_public_events(session) == 0
        times = session.scalars(select(PublicEvent.time).order_by(PublicEvent.position)).all()
    assert list(times) == sorted(times)
