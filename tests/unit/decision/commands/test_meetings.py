"""A meeting from its call to its close (process 2.8; R1)."""

from datetime import datetime, timedelta, timezone
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from services.decision.commands import agenda, meetings
from services.decision.commands.agenda import AmendAgenda
from services.decision.domain.workflow import CaseState
from services.decision.models import AgendaItem, Meeting, Recusal
from shared import clock
from shared.contracts.decision import MeetingCalled
from shared.errors import Conflict, Forbidden, Invalid, NotFound
from shared.messaging.models import JobRow
from shared.security.actor import Actor
from tests.unit.decision.scene import (
    ADMIN,
    ASSESSOR,
    AUDITOR,
    CANDIDATE,
    CHAIR,
    DEPUTY,
    FIVE,
    OTHERS,
    QUALITY,
    SECRETARY,
    Scene,
    told,
)


def close(scene: Scene, meeting_id: UUID) -> None:
    with scene.database.unit_of_work() as session:
        meetings.close_meeting(session, SECRETARY, meeting_id, meetings.CloseMeeting())


def attend(scene: Scene, meeting_id: UUID, account_id: UUID, *, present: bool) -> None:
    with scene.database.unit_of_work() as session:
        command = meetings.Attendance(account_id=account_id, present=present)
        meetings.record_attendance(session, SECRETARY, meeting_id, command)


def amend(scene: Scene, meeting_id: UUID, *, add: tuple[UUID, ...] = (), remove: tuple[UUID, ...] = ()) -> None:
    with scene.database.unit_of_work() as session:
        agenda.amend_agenda(session, SECRETARY, meeting_id, AmendAgenda(add=list(add), remove=list(remove)))


def test_the_five_officers_are_called_with_the_agenda(scene: Scene) -> None:
    first, second = scene.case(), scene.case()
    meeting_id = scene.call(first, second)
    (fact,) = told(scene.database, MeetingCalled)
    assert fact.meeting_id == meeting_id
    assert set(fact.members) == {actor.id for actor in FIVE.values()}
    assert fact.application_ids == [first, second]
    assert scene.state(first) is CaseState.ON_AGENDA


@pytest.mark.parametrize("who", [CHAIR, DEPUTY, SECRETARY])
def test_chair_head_of_certification_and_secretariat_call_meetings(scene: Scene, who: Actor) -> None:
    assert scene.call(by=who)


@pytest.mark.parametrize("who", [QUALITY, ASSESSOR, CANDIDATE, ADMIN, AUDITOR])
def test_nobody_else_calls_a_meeting(scene: Scene, who: Actor) -> None:
    with pytest.raises(Forbidden):
        scene.call(by=who)


def test_a_chair_who_was_not_named_calls_no_meeting(body: Scene) -> None:
    with pytest.raises(Forbidden):
        body.call(by=CHAIR)


def test_without_officers_no_meeting_is_called(body: Scene) -> None:
    with pytest.raises(Conflict) as refusal:
        body.call()
    assert refusal.value.code == "officers-missing"


def test_a_case_stands_on_one_agenda_only(scene: Scene) -> None:
    case_id = scene.case()
    scene.call(case_id)
    with pytest.raises(Conflict) as refusal:
        scene.call(case_id)
    assert refusal.value.code == "case-state"


def test_an_unknown_case_is_not_put_on_an_agenda(scene: Scene) -> None:
    with pytest.raises(NotFound):
        scene.call(uuid4())


def test_the_agenda_changes_until_the_meeting_is_opened(scene: Scene) -> None:
    first, second = scene.case(), scene.case()
    meeting_id = scene.call(first)
    amend(scene, meeting_id, add=(second,), remove=(first,))
    assert told(scene.database, MeetingCalled)[-1].application_ids == [second]
    assert scene.state(first) is CaseState.AWAITING_MEETING
    scene.open(meeting_id)
    with pytest.raises(Conflict):
        amend(scene, meeting_id, add=(first,))


def test_a_meeting_opens_with_a_quorum_of_members(scene: Scene) -> None:
    meeting_id = scene.call()
    with pytest.raises(Conflict) as refusal:
        scene.open(meeting_id, present=[CHAIR, *OTHERS[:1]])
    assert refusal.value.code == "no-quorum"
    with pytest.raises(Invalid):
        scene.open(meeting_id, present=[*FIVE.values(), ASSESSOR])
    scene.open(meeting_id, present=[CHAIR, *OTHERS[:2]])
    with pytest.raises(Conflict):
        scene.open(meeting_id)


def test_opening_checks_every_member_against_every_case(scene: Scene) -> None:
    first, second = scene.case(assessor_id=QUALITY.id), scene.case(verifier_id=DEPUTY.id)
    meeting_id = scene.call(first, second)
    scene.open(meeting_id, present=[CHAIR, *OTHERS[:2]])
    with scene.database.reading() as session:
        rows = session.scalars(select(Recusal).where(Recusal.meeting_id == meeting_id)).all()
    found = {(row.case_id, row.member_id, row.ground, row.automatic) for row in rows}
    assert found == {(first, QUALITY.id, "assessor", True), (second, DEPUTY.id, "verifier", True)}


def test_somebody_who_left_is_not_waited_for(scene: Scene) -> None:
    case_id = scene.case()
    meeting_id = scene.call(case_id)
    scene.open(meeting_id)
    scene.opine(meeting_id, [case_id], OTHERS[:-1])
    assert scene.state(case_id) is CaseState.ON_AGENDA
    attend(scene, meeting_id, OTHERS[-1].id, present=False)
    assert scene.state(case_id) is CaseState.DISCUSSED
    attend(scene, meeting_id, OTHERS[-1].id, present=True)
    assert scene.state(case_id) is CaseState.ON_AGENDA
    with pytest.raises(Invalid):
        attend(scene, meeting_id, ASSESSOR.id, present=True)


def test_what_was_not_decided_waits_for_another_meeting(scene: Scene) -> None:
    decided, left = scene.case(), scene.case()
    meeting_id = scene.discussed(decided, left)
    scene.decide(meeting_id, decided)
    close(scene, meeting_id)
    assert scene.state(left) is CaseState.AWAITING_MEETING
    with scene.database.reading() as session:
        assert session.get_one(AgendaItem, (meeting_id, left)).state == "deferred"
        assert session.get_one(Meeting, meeting_id).state == "closed"
    again = scene.discussed(left)
    scene.decide(again, left)
    with pytest.raises(Conflict):
        close(scene, meeting_id)


def test_the_minutes_are_asked_for_once_when_the_meeting_closes(scene: Scene) -> None:
    meeting_id = scene.discussed(scene.case())
    close(scene, meeting_id)
    with scene.database.reading() as session:
        (job,) = session.scalars(select(JobRow))
    assert (job.kind, job.key) == ("minutes", str(meeting_id))


@pytest.mark.parametrize(
    "at",
    [
        datetime.min.replace(tzinfo=timezone(timedelta(hours=14))),
        datetime.max.replace(tzinfo=timezone(timedelta(hours=-12))),
        clock.real_now() - timedelta(days=2),
        clock.real_now() + timedelta(days=800),
    ],
)
def test_a_meeting_is_called_for_a_day_from_today_on_that_people_can_plan(scene: Scene, at: datetime) -> None:
    with pytest.raises(Invalid) as refusal:
        scene.call(at=at)
    assert "at" in refusal.value.fields
