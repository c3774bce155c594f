"""JSON columns read as models: whatever stands in the database stays readable, and no secret is stored readable."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from pydantic import ValidationError
from sqlalchemy import text
from sqlalchemy.orm import Session

from services.registration.domain.form import Form
from services.registration.domain.workflow import Stage
from services.registration.models import Application, Milestone
from shared.security.actor import Actor
from tests.unit.registration.files import SCHEME, actor
from tests.unit.registration.forms import form

ME: Actor = actor()


def drafted(session: Session, content: Form) -> Application:
    application = Application(applicant_id=ME.id, scheme_id=SCHEME, scheme_version="2026.1")
    application.write_form(content)
    session.add(application)
    session.flush()
    return application


def milestone(session: Session, **data: Any) -> Milestone:
    application = drafted(session, Form())
    told = Milestone(
        id=uuid4(),
        application_id=application.id,
        stage=Stage.SCHEDULED,
        at=datetime(2026, 11, 2, tzinfo=UTC),
        data=data,
    )
    session.add(told)
    session.flush()
    return told


def stored(session: Session, table: str, column: str) -> Any:
    return json.loads(session.execute(text(f"SELECT {column} FROM {table}")).scalar_one())


def test_the_stored_form_has_no_place_for_nik_and_adjustment(session: Session) -> None:
    whole = form(adjustment="kursi roda")
    application = drafted(session, whole)
    kept = stored(session, "applications", "form")
    assert "nik" not in kept["personal"]
    assert "adjustment" not in kept
    session.expire_all()
    assert application.read_form() == whole


def test_a_draft_of_which_nothing_is_filled_in_is_read(session: Session) -> None:
    application = drafted(session, form())
    session.execute(text("UPDATE applications SET form = '{}', nik = NULL"))
    session.expire_all()
    assert application.read_form() == Form()


def test_a_milestone_keeps_what_was_told_and_nothing_else(session: Session) -> None:
    told = milestone(session, assessor="Budi (contoh)", attempt=2)
    assert stored(session, "milestones", "data") == {"assessor": "Budi (contoh)", "attempt": 2}
    session.expire_all()
    assert told.data.model_dump(mode="json") == {"assessor": "Budi (contoh)", "attempt": 2}


def test_what_an_older_version_told_of_a_milestone_is_still_shown(session: Session) -> None:
    told = milestone(session)
    session.execute(text("""UPDATE milestones SET data = '{"hall": "Aula", "place": "TUK"}'"""))
    session.expire_all()
    assert told.data.model_dump(mode="json") == {"place": "TUK", "hall": "Aula"}


def test_a_milestone_told_with_a_part_of_another_kind_is_refused_at_once(session: Session) -> None:
    with pytest.raises(ValidationError):
        milestone(session, attempt="kedua")
