"""Verifier and applicant are different persons (R25); which roles may verify at all stands on the routes."""

from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from services.registration.commands import verification
from shared.errors import Forbidden, NotFound
from shared.security.actor import Actor
from shared.security.roles import Role
from tests.unit.registration.files import actor, filed, secretariat

BOTH = actor(Role.APPLICANT, Role.SECRETARIAT)


def test_nobody_judges_returns_or_admits_an_application_of_their_own(session: Session) -> None:
    application = filed(session, BOTH)
    with pytest.raises(Forbidden):
        verification.judge_items(session, BOTH, application.id, [])
    with pytest.raises(Forbidden):
        verification.return_application(session, BOTH, application.id)
    with pytest.raises(Forbidden):
        verification.admit_application(session, BOTH, application.id)


@pytest.mark.parametrize("who", [secretariat()])
def test_an_application_that_is_not_there_is_not_found(session: Session, who: Actor) -> None:
    with pytest.raises(NotFound):
        verification.admit_application(session, who, uuid4())
