"""Several officers at once, on PostgreSQL: one decision per case, decree numbers without a gap or a double."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from threading import Barrier
from typing import TypeVar
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from kompeten.schema import migrate_database
from services.decision.commands import agenda, deciding, meetings, officers
from services.decision.domain.workflow import CaseState
from services.decision.models import Decision
from services.decision.queries.officers import list_appointments
from services.decision.timers import close_lapsed
from shared import clock
from shared.contracts.decision import CertificationDecided
from shared.database.unit import Database
from shared.errors import Refusal
from shared.security.actor import Actor
from tests.schema import find_schema_differences
from tests.unit.decision.scene import BK, CHAIR, OTHERS, SECRETARY, UNITS, K, Scene, told

T = TypeVar("T")


@pytest.fixture
def scene(postgres_database: str, data_dir: Path) -> Iterator[Scene]:
    database = Database("decision", postgres_database)
    migrate_database(database)
    scene = Scene(database)
    scene.appoint()
    yield scene
    database.close()


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KOMPETEN_DATA_DIR", str(tmp_path))
    return tmp_path


def at_once(acts: Sequence[Callable[[], T]]) -> list[T | Exception]:
    """All acts started together, each in a thread; what each gave or raised."""
    gate = Barrier(len(acts))

    def run(act: Callable[[], T]) -> T | Exception:
        gate.wait()
        try:
            return act()
        except (Refusal, SQLAlchemyError) as error:
            return error

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_two_deciders_at_once_make_one_decision(scene: Scene) -> None:
    case_id = scene.case()
    meeting_id = scene.discussed(case_id)
    results = at_once([lambda: scene.decide(meeting_id, case_id) for _ in range(6)])
    assert sum(isinstance(result, UUID) for result in results) == 1
    refusals = [result for result in results if isinstance(result, Refusal)]
    assert [refusal.code for refusal in refusals] == ["case-state"] * 5
    assert len(told(scene.database, CertificationDecided)) == 1


def test_decree_numbers_have_no_gap_and_no_double_when_many_are_decided_at_once(scene: Scene) -> None:
    ids = [scene.case() for _ in range(24)]
    meeting_id = scene.discussed(*ids)

    def decide_some(some: list[UUID]) -> None:
        with scene.database.unit_of_work() as session:
            command = deciding.Decide(decisions=[deciding.CaseDecision(case_id=one) for one in some])
            deciding.decide_cases(session, CHAIR, meeting_id, command)

    def fail() -> None:
        with scene.database.unit_of_work() as session:
            command = deciding.Decide(decisions=[deciding.CaseDecision(case_id=ids[0])])
            deciding.decide_cases(session, CHAIR, meeting_id, command)
            session.flush()
            raise Refusal("dropped", "the transaction is dropped after its number was taken")

    at_once([fail])
    parts = [ids[start::6] for start in range(6)]
    at_once([partial(decide_some, part) for part in parts])
    with scene.database.reading() as session:
        serials = sorted(session.scalars(select(Decision.serial)))
    assert serials == list(range(1, 25))


def test_members_who_speak_at_once_leave_the_case_discussed(scene: Scene) -> None:
    ids = [scene.case() for _ in range(3)]
    meeting_id = scene.call(*ids)
    scene.open(meeting_id)
    at_once([partial(scene.opine, meeting_id, ids, [member]) for member in OTHERS])
    assert [scene.state(case_id) for case_id in ids] == [CaseState.DISCUSSED] * 3


def test_closing_and_deciding_at_once_never_do_both(scene: Scene) -> None:
    for _ in range(5):
        case_id = scene.case()
        meeting_id = scene.discussed(case_id)
        at_once([partial(close, scene, meeting_id), partial(decide, scene, meeting_id, case_id)])
        decided = [fact for fact in told(scene.database, CertificationDecided) if fact.application_id == case_id]
        assert (scene.state(case_id) is CaseState.DECIDED_K) == (len(decided) == 1)
        assert scene.state(case_id) in (CaseState.DECIDED_K, CaseState.AWAITING_MEETING)


def test_a_case_put_on_two_agendas_at_once_stands_on_one(scene: Scene) -> None:
    case_id = scene.case()

    def call() -> UUID:
        with scene.database.unit_of_work() as session:
            command = agenda.CallMeeting(
                at=clock.now() + timedelta(hours=1), place="Ruang (contoh)", case_ids=[case_id]
            )
            return agenda.call_meeting(session, SECRETARY, command).id

    results = at_once([call] * 4)
    assert sum(isinstance(result, UUID) for result in results) == 1


def test_a_proposal_confirmed_by_all_at_once_fills_the_office_once(scene: Scene) -> None:
    after = max(scene_terms(scene)) + timedelta(days=1)
    proposal_id = scene.propose("chair", CHAIR, since=after, days=9)

    def confirm(member: Actor) -> UUID:
        with scene.database.unit_of_work() as session:
            return officers.confirm_proposal(session, member, proposal_id).id

    results = at_once([partial(confirm, member) for member in OTHERS])
    assert sum(isinstance(result, UUID) for result in results) == 1
    assert scene_terms(scene).count(after + timedelta(days=9)) == 1


def test_an_appeal_filed_twice_at_once_is_one(scene: Scene) -> None:
    case_id = scene.decided({UNITS[0]: BK, UNITS[1]: K})
    results = at_once([lambda: scene.appeal(case_id, [UNITS[0]])] * 4)
    assert sum(isinstance(result, UUID) for result in results) == 1


def test_a_decision_cannot_be_changed_in_the_database(scene: Scene) -> None:
    scene.decided({UNITS[0]: K})
    for statement in ("UPDATE decisions SET reason = 'lain'", "DELETE FROM decisions"):
        with pytest.raises(DBAPIError, match="frozen"), scene.database.unit_of_work() as session:
            session.execute(text(statement))


def test_the_timer_in_two_replicas_closes_each_case_once(scene: Scene) -> None:
    ids = [scene.decided({UNITS[0]: BK}) for _ in range(3)]
    clock.set_ahead(370 * 86400)
    try:
        at_once([lambda: close_lapsed(scene.database)] * 3)
    finally:
        clock.set_ahead(0)
    assert [scene.state(case_id) for case_id in ids] == [CaseState.CLOSED] * 3


def test_the_migrations_make_what_the_models_say(scene: Scene) -> None:
    assert find_schema_differences(scene.database) == []


def close(scene: Scene, meeting_id: UUID) -> None:
    with scene.database.unit_of_work() as session:
        meetings.close_meeting(session, SECRETARY, meeting_id, meetings.CloseMeeting())


def decide(scene: Scene, meeting_id: UUID, case_id: UUID) -> None:
    scene.decide(meeting_id, case_id)


def scene_terms(scene: Scene) -> list[date]:
    with scene.database.reading() as session:
        return [row.until for row in list_appointments(session)]
