"""On PostgreSQL: the whole way over HTTP, and people doing the same thing at the same moment."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from uuid import UUID, uuid4

import pytest
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from kompeten.schema import migrate_database
from services.assessment.commands import assignment, sittings
from services.assessment.domain.workflow import State
from services.assessment.models import Case, derive_case_id
from services.assessment.queries import registers
from services.assessment.queries.registers import RegisterQuery
from shared.database.unit import Database
from shared.errors import Refusal
from shared.security.keys import create_keys
from shared.security.roles import Role
from shared.settings import settings
from tests.unit.assessment.api.test_way import test_a_case_goes_its_way_over_the_api as go_over_the_api
from tests.unit.assessment.scene import SCHEME, Scene, person
from tests.unit.assessment.web import Web


@pytest.fixture
def database(postgres_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    monkeypatch.setenv("KOMPETEN_DATA_DIR", str(tmp_path))
    settings.cache_clear()
    create_keys(tmp_path / "keys")
    database = Database("assessment", postgres_database)
    migrate_database(database)
    yield database
    database.close()
    settings.cache_clear()


@pytest.fixture
def scene(database: Database) -> Iterator[Scene]:
    with Session(database.engine, expire_on_commit=False) as session:
        yield Scene(session)


def another(scene: Scene, assessor: bool) -> Scene:
    """One more candidate with an agreed plan, of the same assessor or of the other one."""
    twin = Scene.__new__(Scene)
    twin.__dict__ |= scene.__dict__
    twin.candidate, twin.application_id = person("Kedua Contoh", Role.APPLICANT), uuid4()
    twin.hear(twin.submitted())
    twin.case_id = derive_case_id(twin.application_id, 0)
    twin.assessor = scene.assessor if assessor else scene.other
    twin.to_agreement()
    return twin


def at_once(database: Database, *acts: Callable[[Session], object]) -> list[str]:
    """What each of them got: `done`, the code of a refusal, or `stale`."""
    start = Barrier(len(acts))

    def run(act: Callable[[Session], object]) -> str:
        start.wait()
        try:
            with database.unit_of_work() as session:
                act(session)
        except Refusal as refusal:
            return refusal.code
        except StaleDataError:
            return "stale"
        return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(run, acts))


def seating(scene: Scene, sitting_id: UUID, case: UUID) -> Callable[[Session], object]:
    return lambda session: sittings.seat_cases(session, scene.secretary, sitting_id, sittings.Seat(case_ids=[case]))


def test_a_case_goes_its_way_on_postgresql(database: Database, scene: Scene) -> None:
    go_over_the_api(Web(database, scene))


def test_two_secretaries_do_not_both_take_the_last_seat(database: Database, scene: Scene) -> None:
    scene.centre.capacity = 1
    scene.to_agreement()
    other = another(scene, assessor=False)
    one, two = scene.sitting(), scene.sitting()
    scene.session.commit()
    got = at_once(database, seating(scene, one.id, scene.case_id), seating(scene, two.id, other.case_id))
    assert got == ["centre-full", "done"]


def test_two_secretaries_do_not_book_one_assessor_twice(database: Database, scene: Scene) -> None:
    scene.to_agreement()
    other = another(scene, assessor=True)
    one, two = scene.sitting(), scene.sitting(centre=scene.add_centre("TUK Lain"))
    scene.session.commit()
    got = at_once(database, seating(scene, one.id, scene.case_id), seating(scene, two.id, other.case_id))
    assert got == ["assessor-busy", "done"]


def test_a_case_gets_one_assessor_however_many_assign_at_once(database: Database, scene: Scene) -> None:
    scene.session.commit()
    wanted = [assignment.Assign(assessor_id=each.id) for each in (scene.assessor, scene.other)]
    got = at_once(
        database,
        *(
            lambda session, one=one: assignment.assign_assessor(session, scene.secretary, scene.case_id, one)
            for one in wanted
        ),
    )
    assert "done" in got
    assert got.count("done") == 1
    with database.reading() as session:
        case = session.get_one(Case, scene.case_id)
        assert case.state is State.ASSIGNED
        assert len(case.assignments) == 1


def test_registers_are_filtered_on_postgresql_as_elsewhere(database: Database, scene: Scene) -> None:
    scene.session.commit()
    with database.reading() as session:
        for scheme, found in ((SCHEME, 1), ("layanan", 0)):
            query = RegisterQuery.model_validate({"scheme": scheme, "q": "tuk"})
            assert registers.list_centres(session, query).total == found
        assert registers.list_unregistered_accounts(session) == []
