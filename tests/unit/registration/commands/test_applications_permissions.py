"""Somebody else's application looks like none, whatever is asked of it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy.orm import Session

from services.registration.commands import applications, documents, filing, self_assessment
from services.registration.commands.applications import SaveDraft
from services.registration.commands.self_assessment import SubmitSelfAssessment
from shared.errors import NotFound
from shared.security.actor import Actor
from shared.security.roles import Role
from tests.unit.registration.files import SIGNED, actor, add_document, admitted, draft
from tests.unit.registration.forms import form

Act = Callable[[Session, Actor, UUID], Any]

ACTS: dict[str, Act] = {
    "save": lambda s, a, i: applications.save_application(s, a, i, SaveDraft(form=form())),
    "show": applications.record_requirements_shown,
    "file": lambda s, a, i: filing.file_application(s, a, i, SIGNED),
    "withdraw": applications.withdraw_application,
    "add": lambda s, a, i: add_document(s, a, i),
    "remove": lambda s, a, i: documents.remove_document(s, a, i, uuid4()),
    "self-assess": lambda s, a, i: self_assessment.save_self_assessment(s, a, i, []),
    "submit": lambda s, a, i: self_assessment.submit_self_assessment(
        s, a, i, SubmitSelfAssessment(signature="x", statement=True)
    ),
}


@pytest.mark.parametrize("act", ACTS)
def test_a_stranger_finds_no_application(session: Session, act: str) -> None:
    application = draft(session, actor())
    with pytest.raises(NotFound):
        ACTS[act](session, actor(), application.id)


@pytest.mark.parametrize("act", ACTS)
def test_staff_act_on_nobodys_behalf(session: Session, act: str) -> None:
    application = admitted(session, actor())
    with pytest.raises(NotFound):
        ACTS[act](session, actor(Role.SECRETARIAT, Role.CHAIR, Role.ADMINISTRATOR), application.id)


@pytest.mark.parametrize("act", ACTS)
def test_an_application_that_is_not_there_is_not_found(session: Session, act: str) -> None:
    with pytest.raises(NotFound):
        ACTS[act](session, actor(), uuid4())
