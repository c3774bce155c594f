"""The five officers and the deputy are named for a time (R13)."""

from datetime import timedelta
from uuid import uuid4

import pytest

from services.decision.commands import officers
from services.decision.models import Appointment
from services.decision.queries.officers import find_office_today, list_appointments
from shared import clock
from shared.audit import AuditRow
from shared.errors import Conflict, Invalid
from shared.security.actor import Actor
from shared.security.roles import Role
from tests.unit.decision.scene import ADMIN, ASSESSOR, CHAIR, DEPUTY, Scene


def appoint(scene: Scene, office: str, actor: Actor, *, days: int = 100) -> Appointment:
    today = clock.today()
    with scene.database.unit_of_work() as session:
        command = officers.Appoint(office=office, account_id=actor.id, since=today, until=today + timedelta(days=days))
        return officers.appoint_officer(session, ADMIN, command)


def test_an_appointment_counts_from_its_first_day_and_is_audited(body: Scene) -> None:
    row = appoint(body, "chair", CHAIR)
    with body.database.reading() as session:
        assert find_office_today(session, CHAIR.id) is Role.CHAIR
        assert find_office_today(session, CHAIR.id, clock.today() + timedelta(days=101)) is None
        (entry,) = session.query(AuditRow).filter_by(action="appointment:make").all()
    assert (entry.actor_id, entry.subject) == (ADMIN.id, row.subject)


def test_an_unknown_account_is_refused_with_its_field(body: Scene) -> None:
    stranger = Actor(uuid4(), "Orang", "orang@contoh.test", frozenset())
    with pytest.raises(Invalid) as refusal:
        appoint(body, "chair", stranger)
    assert "account_id" in refusal.value.fields


def test_an_account_without_the_role_is_refused(body: Scene) -> None:
    with pytest.raises(Invalid) as refusal:
        appoint(body, "chair", ASSESSOR)
    assert refusal.value.code == "role-missing"


def test_an_office_that_is_taken_is_refused(body: Scene) -> None:
    appoint(body, "chair", CHAIR)
    with pytest.raises(Conflict):
        appoint(body, "chair", CHAIR)


def test_ending_an_officers_term_ends_the_deputation_with_it(body: Scene) -> None:
    seat = appoint(body, "head_of_certification", DEPUTY)
    appoint(body, "deputy", DEPUTY, days=90)
    today = clock.today()
    with body.database.unit_of_work() as session:
        officers.end_term(session, ADMIN, seat.id, officers.EndTerm(until=today))
    with body.database.reading() as session:
        assert {row.until for row in list_appointments(session)} == {today}


@pytest.mark.parametrize("days", [-1, 101])
def test_a_term_ends_between_today_and_its_recorded_end(body: Scene, days: int) -> None:
    row = appoint(body, "chair", CHAIR)
    with pytest.raises(Invalid) as refusal, body.database.unit_of_work() as session:
        officers.end_term(session, ADMIN, row.id, officers.EndTerm(until=clock.today() + timedelta(days=days)))
    assert "until" in refusal.value.fields
