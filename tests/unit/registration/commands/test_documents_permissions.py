"""Who may open a document: owner, secretariat, officers, and the assessor cleared for the case (R4)."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from sqlalchemy.orm import Session

from services.registration.commands import documents
from shared.contracts.assessment import AssessorAssigned, AssessorBlocked, AssessorCleared, AssessorReleased
from shared.errors import NotFound
from shared.security.actor import Actor
from shared.security.roles import OFFICERS, Role
from tests.unit.registration.files import actor, draft, submitted
from tests.unit.registration.hearing import hear
from tests.unit.registration.people import noted

ME = actor()
NOW = datetime(2026, 11, 21, tzinfo=UTC)


def may_open(session: Session, who: Actor, document_id: UUID) -> bool:
    try:
        documents.open_evidence_document(session, who, document_id)
    except NotFound:
        return False
    return True


def test_the_owner_opens_it_and_that_is_noted(session: Session) -> None:
    application = draft(session, ME)
    assert may_open(session, ME, application.present[0].id)
    assert "document:open" in [action for action, _, _ in noted(session)]


@pytest.mark.parametrize("role", [Role.SECRETARIAT, *OFFICERS])
def test_secretariat_and_officers_open_it_once_it_is_filed(session: Session, role: Role) -> None:
    assert not may_open(session, actor(role), draft(session, ME).present[0].id)
    assert may_open(session, actor(role), submitted(session, actor()).present[0].id)


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.SECRETARIAT, *OFFICERS}))
def test_nobody_else_opens_it(session: Session, role: Role) -> None:
    assert not may_open(session, actor(role), submitted(session, ME).present[0].id)


def test_an_assessor_opens_it_from_clearance_until_taken_off(session: Session) -> None:
    application = submitted(session, ME)
    document = application.present[0].id
    assessor = actor(Role.ASSESSOR)
    case = {"case_id": uuid4(), "application_id": application.id, "applicant_id": ME.id, "attempt": 0}
    hear(session, AssessorAssigned(**case, assessor_id=assessor.id, assessor_name="Asesor"), 1)
    assert not may_open(session, assessor, document)
    hear(session, AssessorCleared(**case, assessor_id=assessor.id, declared_at=NOW), 2)
    assert may_open(session, assessor, document)
    assert not may_open(session, actor(Role.ASSESSOR), document)
    hear(session, AssessorReleased(**case, assessor_id=assessor.id), 3)
    assert not may_open(session, assessor, document)


def test_a_clearance_overtaken_by_a_block_opens_nothing(session: Session) -> None:
    application = submitted(session, ME)
    assessor = actor(Role.ASSESSOR)
    case = {"case_id": uuid4(), "application_id": application.id, "applicant_id": ME.id, "attempt": 0}
    hear(session, AssessorBlocked(**case, assessor_id=assessor.id), 3)
    hear(session, AssessorCleared(**case, assessor_id=assessor.id, declared_at=NOW), 2)
    assert not may_open(session, assessor, application.present[0].id)


def test_a_clearance_for_one_case_opens_no_other(session: Session) -> None:
    first, second = submitted(session, ME), submitted(session, actor(), personal={"nik": "3175014505900002"})
    assessor = actor(Role.ASSESSOR)
    case = {"case_id": uuid4(), "application_id": first.id, "applicant_id": ME.id, "attempt": 0}
    hear(session, AssessorCleared(**case, assessor_id=assessor.id, declared_at=NOW), 1)
    assert may_open(session, assessor, first.present[0].id)
    assert not may_open(session, assessor, second.present[0].id)
