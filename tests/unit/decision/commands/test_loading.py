"""Rows that an act is about: found, refused, and read afresh under their lock."""

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from sqlalchemy.orm import Session

from services.decision.commands import loading
from services.decision.models import DecisionCase, ItemState, Meeting
from services.decision.queries.officers import list_terms
from shared.errors import NotFound
from tests.unit.decision.scene import CANDIDATE, CHAIR, OTHERS, QUALITY, STRANGER, Scene


def test_what_does_not_exist_is_refused_by_its_own_name(scene: Scene) -> None:
    finders: dict[str, list[Callable[[Session, UUID], object]]] = {
        "case-unknown": [loading.load_case, loading.lock_case],
        "meeting-unknown": [loading.load_meeting, loading.lock_meeting, loading.hold_meeting],
        "appeal-unknown": [loading.load_appeal, loading.lock_appeal],
    }
    with scene.database.reading() as session:
        for code, known in finders.items():
            for find in known:
                with pytest.raises(NotFound) as refusal:
                    find(session, uuid4())
                assert refusal.value.code == code


def test_somebody_elses_case_is_refused_as_one_that_does_not_exist(scene: Scene) -> None:
    case_id = scene.case()
    with scene.database.reading() as session:
        assert loading.lock_own_case(session, CANDIDATE, case_id).id == case_id
        with pytest.raises(NotFound) as refusal:
            loading.lock_own_case(session, STRANGER, case_id)
    assert refusal.value.code == "case-unknown"


def test_locked_cases_are_those_that_exist(scene: Scene) -> None:
    known = {scene.case(), scene.case()}
    with scene.database.reading() as session:
        assert set(loading.lock_cases(session, [*known, uuid4()])) == known


def test_a_locked_row_is_read_again(scene: Scene) -> None:
    case_id = scene.case()
    with scene.database.reading() as session:
        stale = session.get_one(DecisionCase, case_id)
        session.connection().exec_driver_sql("UPDATE cases SET closed_reason = 'lain'")
        assert stale.closed_reason == ""
        assert loading.lock_case(session, case_id).closed_reason == "lain"


def load_hearing(session: Session, meeting: Meeting, *case_ids: UUID) -> loading.Hearing:
    return loading.load_hearing(session, meeting, list_terms(session), loading.lock_cases(session, case_ids))


def test_a_hearing_holds_what_the_rules_ask_of_each_case(scene: Scene) -> None:
    spoken, silent = scene.case(), scene.case()
    meeting_id = scene.call(spoken, silent)
    scene.open(meeting_id)
    scene.opine(meeting_id, [spoken])
    with scene.database.reading() as session:
        meeting = loading.load_meeting(session, meeting_id)
        hearing = load_hearing(session, meeting, spoken, silent, uuid4())
        assert set(hearing.cases) == {spoken, silent}
        assert hearing.sitting(spoken).spoken == {member.id for member in OTHERS}
        assert hearing.sitting(silent).spoken == frozenset()
        assert QUALITY.id in hearing.sitting(silent).eligible
        assert hearing.is_open(spoken)
        assert not hearing.is_open(uuid4())
        assert hearing.recommendation(hearing.cases[spoken]).attempt == 0
        assert hearing.name_of(CHAIR.id) == CHAIR.name


def test_a_decided_case_is_not_open_any_more(scene: Scene) -> None:
    case_id = scene.case()
    meeting_id = scene.discussed(case_id)
    scene.decide(meeting_id, case_id)
    with scene.database.reading() as session:
        meeting = loading.load_meeting(session, meeting_id)
        hearing = load_hearing(session, meeting, case_id)
        assert hearing.items[case_id].state == ItemState.DECIDED
        assert not hearing.is_open(case_id)
        assert loading.load_standing_decision(session, hearing.cases[case_id]).case_id == case_id
