"""Who may open a document: owner, secretariat, the assessor cleared for the case (R4), who decides on it (R1)."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from sqlalchemy.orm import Session

from services.registration.commands import documents
from shared.contracts.assessment import AssessorAssigned, AssessorBlocked, AssessorCleared, AssessorReleased
from shared.contracts.decision import DossierClosed, DossierOpened
from shared.contracts.involvement import AssessmentPeopleInvolved, DecisionPeopleInvolved
from shared.contracts.words import Involvement
from shared.errors import Forbidden, NotFound
from shared.security.actor import Actor
from shared.security.roles import OFFICERS, Role
from tests.unit.registration.files import actor, draft, submitted
from tests.unit.registration.hearing import hear
from tests.unit.registration.people import noted

ME = actor()
NOW = datetime(2026, 11, 21, tzinfo=UTC)
HEARD = (Involvement.DECIDED, Involvement.HEARD_APPEAL)


def may_open(session: Session, who: Actor, document_id: UUID) -> bool:
    try:
        documents.open_evidence_document(session, who, document_id)
    except (NotFound, Forbidden):
        return False
    return True


def test_the_owner_opens_it_and_that_is_noted(session: Session) -> None:
    application = draft(session, ME)
    assert may_open(session, ME, application.present[0].id)
    assert "document:open" in [action for action, _, _ in noted(session)]


def test_the_secretariat_opens_it_once_it_is_filed(session: Session) -> None:
    assert not may_open(session, actor(Role.SECRETARIAT), draft(session, ME).present[0].id)
    assert may_open(session, actor(Role.SECRETARIAT), submitted(session, actor()).present[0].id)


@pytest.mark.parametrize("role", [*OFFICERS, Role.ASSESSOR, Role.COMPLAINTS_OFFICER])
def test_who_decides_opens_it_from_the_declaration_until_keeping_out(session: Session, role: Role) -> None:
    """R1, R7: decision tells of both; another person of the same role opens nothing."""
    application = submitted(session, ME)
    document, who = application.present[0].id, actor(role)
    assert not may_open(session, who, document)
    about = {"application_id": application.id, "applicant_id": ME.id, "person_id": who.id}
    hear(session, DossierOpened(**about, declared_at=NOW), 1)
    assert may_open(session, who, document)
    assert documents.open_frozen_document(session, who, application.id, document)[1] == application.present[0].sha256
    assert not may_open(session, actor(role), document)
    hear(session, DossierClosed(**about), 2)
    hear(session, DossierOpened(**about, declared_at=NOW), 1)
    assert not may_open(session, who, document)


def test_the_right_ends_with_the_last_role_that_decides(session: Session) -> None:
    """R1: whoever was an officer and has an account as an applicant still, opens nothing any more."""
    application, who = submitted(session, ME), actor(Role.CHAIR)
    about = {"application_id": application.id, "applicant_id": ME.id, "person_id": who.id}
    hear(session, DossierOpened(**about, declared_at=NOW), 1)
    assert may_open(session, who, application.present[0].id)
    former = replace(who, roles=frozenset({Role.APPLICANT}))
    assert not may_open(session, former, application.present[0].id)


@pytest.mark.parametrize("part", [part for part in Involvement if part not in HEARD])
def test_what_is_learnt_after_the_declaration_closes_the_evidence(session: Session, part: Involvement) -> None:
    """R1, R7: at once, not when the meeting next asks the record; to sit in the meeting or panel is no conflict."""
    application, who = submitted(session, ME), actor(Role.CHAIR)
    about = {"application_id": application.id, "applicant_id": ME.id}
    hear(session, DossierOpened(**about, person_id=who.id, declared_at=NOW), 1)
    for heard in HEARD:
        hear(session, DecisionPeopleInvolved(**about, people=[who.id], part=heard, since=NOW), 1)
    assert may_open(session, who, application.present[0].id)
    hear(session, AssessmentPeopleInvolved(**about, people=[who.id], part=part, since=NOW), 1)
    assert not may_open(session, who, application.present[0].id)


@pytest.mark.parametrize("role", OFFICERS)
def test_an_officer_is_told_what_opens_it(session: Session, role: Role) -> None:
    document = submitted(session, ME).present[0].id
    with pytest.raises(Forbidden) as refusal:
        documents.open_evidence_document(session, actor(role), document)
    assert refusal.value.code == "declaration-missing"


def test_the_hash_is_that_of_the_frozen_file_not_of_the_row(session: Session) -> None:
    """R12: a row that was changed since gives the hash of what was submitted: other bytes are never given out."""
    application = submitted(session, ME)
    document, who = application.present[0], actor(Role.CHAIR)
    before = document.sha256
    about = {"application_id": application.id, "applicant_id": ME.id, "person_id": who.id}
    hear(session, DossierOpened(**about, declared_at=NOW), 1)
    document.sha256 = "0" * 64
    session.flush()
    assert documents.open_frozen_document(session, who, application.id, document.id)[1] == before
    with pytest.raises(NotFound):
        documents.open_frozen_document(session, who, uuid4(), document.id)


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.SECRETARIAT}))
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
