"""Filing on PostgreSQL, where a period opens and everybody comes at once."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from threading import Barrier
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from kompeten.schema import migrate_database
from services.registration.api import api
from services.registration.commands import applications, filing
from services.registration.commands.applications import StartApplication
from services.registration.models import Application, PeriodQuota, Round, SchemeHold
from services.registration.pages import pages
from shared.database.unit import Database
from shared.errors import Conflict, Refusal
from shared.objectstore import object_store
from shared.security.actor import Actor
from shared.security.keys import create_keys
from shared.security.roles import Role
from shared.settings import settings
from shared.web import create_app
from tests.unit.registration.api.test_applications import (
    test_an_application_goes_from_draft_to_the_submitted_file as go_over_the_api,
)
from tests.unit.registration.api.walk import Person
from tests.unit.registration.files import SCHEME, SIGNED, actor, draft, period
from tests.unit.registration.people import told

LOST = (Refusal, StaleDataError, IntegrityError)


@pytest.fixture
def database(postgres_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    monkeypatch.setenv("KOMPETEN_DATA_DIR", str(tmp_path))
    settings.cache_clear()
    object_store.cache_clear()
    create_keys(tmp_path / "keys")
    database = Database("registration", postgres_database)
    migrate_database(database)
    yield database
    database.close()
    settings.cache_clear()
    object_store.cache_clear()


def drafted(database: Database, number: int) -> tuple[Actor, UUID]:
    person = actor()
    with database.unit_of_work() as session:
        return person, draft(session, person, personal={"nik": f"317501450590{number:04d}"}).id


def file(database: Database, person: Actor, application_id: UUID) -> bool:
    """Whether it was filed; false when it was refused, in whatever way the race was lost."""
    try:
        with database.unit_of_work() as session:
            filing.file_application(session, person, application_id, SIGNED)
    except LOST:
        return False
    return True


def at_once(deeds: list[Callable[[], bool]]) -> list[bool]:
    start = Barrier(len(deeds))

    def one(deed: Callable[[], bool]) -> bool:
        start.wait(20)
        return deed()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(one, deeds))


def test_as_many_are_filed_as_there_are_places(database: Database) -> None:
    with database.unit_of_work() as session:
        period(session, quota=3)
    drafts = [drafted(database, number) for number in range(1, 9)]
    filed = at_once([partial(file, database, person, application_id) for person, application_id in drafts])
    with database.reading() as session:
        assert filed.count(True) == 3
        assert session.scalar(select(PeriodQuota.taken)) == 3
        assert len(told(session, "application_filed")) == 3


def test_one_draft_filed_twice_at_once_is_filed_once(database: Database) -> None:
    with database.unit_of_work() as session:
        period(session)
    person, application_id = drafted(database, 1)
    filed = at_once([partial(file, database, person, application_id)] * 4)
    with database.reading() as session:
        assert filed.count(True) == 1
        assert session.scalar(select(func.count()).select_from(Round)) == 1
        assert session.scalar(select(PeriodQuota.taken)) == 1
        assert session.get_one(Application, application_id).round == 1


def test_one_nik_filed_from_two_accounts_at_once_belongs_to_one(database: Database) -> None:
    with database.unit_of_work() as session:
        period(session)
    drafts = [drafted(database, 7) for _ in range(3)]
    filed = at_once([partial(file, database, person, application_id) for person, application_id in drafts])
    with database.reading() as session:
        assert filed.count(True) == 1
        assert session.scalar(select(PeriodQuota.taken)) == 1


def test_of_two_who_start_at_once_for_one_scheme_one_wins_and_the_other_is_led_there(database: Database) -> None:
    """This failure mode means two live applications, and in the end two certificates, of one person for one scheme."""
    person, refusals = actor(), []

    def begin() -> bool:
        try:
            with database.unit_of_work() as session:
                applications.start_application(session, person, StartApplication(scheme_id=SCHEME))
        except Conflict as refusal:
            refusals.append(refusal)
            return False
        return True

    assert at_once([begin] * 5).count(True) == 1
    with database.reading() as session:
        made = session.scalars(select(Application.id)).one()
        assert session.scalars(select(SchemeHold.application_id)).all() == [made]
    assert [(one.code, one.details) for one in refusals] == [
        ("application-under-way", {"application_id": str(made)})
    ] * 4


def test_the_whole_way_over_http(database: Database) -> None:
    with database.unit_of_work() as session:
        period(session)
    client = create_app("registration", database, api=api, pages=[pages]).test_client()
    go_over_the_api(Person(client, actor()), Person(client, actor(Role.SECRETARIAT)))
