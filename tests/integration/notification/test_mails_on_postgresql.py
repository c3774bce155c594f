"""The same event taken in by two replicas, and the job done by two: one mail row, one letter in the box."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from kompeten.schema import migrate_database
from services.notification.domain import State
from services.notification.jobs import jobs
from services.notification.models import Mail
from services.notification.reactions import reactions
from shared.contracts import Envelope, Event
from shared.database.unit import Database
from shared.mail import system_mailer
from shared.messaging.inbox import take_in_batch
from shared.settings import settings
from tests.schema import find_schema_differences
from tests.unit.mail.server import smtp_server
from tests.unit.notification.samples import AT, account

PEOPLE = 40
REPLICAS = 3


@pytest.fixture
def database(postgres_database: str) -> Iterator[Database]:
    database = Database("notification", postgres_database)
    migrate_database(database)
    yield database
    database.close()


def bodies() -> list[str]:
    facts = [account(uuid4()) for _ in range(PEOPLE)]
    events = [
        Event(uuid4(), fact.type, "/registration", f"account/{fact.account_id}", AT, 1, "contoh", None, fact)
        for fact in facts
    ]
    return [Envelope.around(event).model_dump_json(exclude_none=True) for event in events]


def test_the_migrated_schema_is_that_of_the_models(database: Database) -> None:
    assert find_schema_differences(database) == []


def test_what_replicas_hear_and_send_together_arrives_once(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    messages = bodies()
    gate = Barrier(REPLICAS)

    def hear() -> None:
        gate.wait()
        take_in_batch(database, reactions, messages)

    def send() -> None:
        gate.wait()
        while jobs.run_due(database):
            pass

    with smtp_server() as box:
        monkeypatch.setenv("KOMPETEN_MAIL_URL", f"smtp://{box.host}:{box.port}")
        settings.cache_clear()
        system_mailer.cache_clear()
        try:
            for work in (hear, send):
                with ThreadPoolExecutor(REPLICAS) as pool:
                    for done in [pool.submit(work) for _ in range(REPLICAS)]:
                        done.result()
        finally:
            settings.cache_clear()
            system_mailer.cache_clear()
    assert len(box.received) == PEOPLE
    assert len({mail["Message-ID"] for mail in box.received}) == PEOPLE
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Mail).where(Mail.state == State.SENT)) == PEOPLE
