"""Verifier and applicant are different persons (R25); which roles may verify at all stands on the routes."""

from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from services.registration.commands import verification
from services.registration.models import StaffIdentity
from shared.errors import Forbidden, NotFound
from shared.security.actor import Actor
from shared.security.roles import Role
from tests.unit.registration.files import actor, filed, secretariat
from tests.unit.registration.people import staff

BOTH = actor(Role.APPLICANT, Role.SECRETARIAT)


def test_nobody_judges_returns_or_admits_an_application_of_their_own(session: Session) -> None:
    application = filed(session, BOTH)
    with pytest.raises(Forbidden):
        verification.judge_items(session, BOTH, application.id, [])
    with pytest.raises(Forbidden):
        verification.return_application(session, BOTH, application.id)
    with pytest.raises(Forbidden):
        verification.admit_application(session, BOTH, application.id)


def test_nobody_verifies_an_application_of_their_own_under_another_account(session: Session) -> None:
    """This failure mode means a secretary who applies with another address and admits the file at the desk."""
    desk, application = staff(session, Role.SECRETARIAT).actor, filed(session, actor())
    identity = session.get_one(StaffIdentity, desk.id)
    identity.nik = str(application.nik)
    session.flush()
    with pytest.raises(Forbidden) as refusal:
        verification.judge_items(session, desk, application.id, [])
    assert refusal.value.code == "own-application"
    for act in (verification.return_application, verification.admit_application):
        with pytest.raises(Forbidden):
            act(session, desk, application.id)
    identity.nik = "3171014101850001"
    session.flush()
    verification.judge_items(session, desk, application.id, [])


@pytest.mark.parametrize("who", [secretariat()])
def test_an_application_that_is_not_there_is_not_found(session: Session, who: Actor) -> None:
    with pytest.raises(NotFound):
        verification.admit_application(session, who, uuid4())
