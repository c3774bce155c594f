"""Moving a case on to its next state, with the time and the note of it; what every fact about a case begins with."""

from typing import Any, TypedDict
from uuid import UUID

from sqlalchemy.orm import Session

from services.assessment.domain.workflow import PARTS_OF_ACTS, Act, apply_assessment_act
from services.assessment.models import Case
from shared import audit, clock
from shared.contracts.involvement import AssessmentPeopleInvolved
from shared.contracts.words import Involvement
from shared.involvement.recording import record_involvement
from shared.security.actor import Actor


class CaseFields(TypedDict):
    """The fields that every fact about a case begins with."""

    case_id: UUID
    application_id: UUID
    applicant_id: UUID
    attempt: int


def describe_case_fields(case: Case) -> CaseFields:
    """The fields with which a fact names the case, its application, its candidate and its attempt."""
    return CaseFields(
        case_id=case.id, application_id=case.application_id, applicant_id=case.applicant_id, attempt=case.attempt
    )


def advance_assessment_case(session: Session, actor: Actor, case: Case, act: Act, **noted: Any) -> None:
    """Bring the case into the state `act` leads to and note who did it, with `noted` beside the state (R26).

    The part that the assessor has by it is told to the other stages (R1, R7, R10, R25).
    Raises Conflict `case-state` where the state does not allow the act.
    """
    before = case.state
    case.state = apply_assessment_act(before, act)
    # Touched also when the state stays: of two acts at once the optimistic lock on the row lets one through.
    case.updated_at = clock.now()
    case.since = case.updated_at if case.state is not before else case.since
    audit.record_act(
        session,
        actor,
        f"case:{act}",
        case.subject,
        {"state": before.value},
        {"state": case.state.value, **noted},
    )
    part = PARTS_OF_ACTS.get(act)
    if part is not None and case.assessor_id is not None:
        tell_part(session, case, case.assessor_id, part)


def tell_part(session: Session, case: Case, person: UUID, part: Involvement) -> None:
    """Note that the person has this part in the case, and tell the other stages."""
    record_involvement(
        session,
        case,
        AssessmentPeopleInvolved(
            application_id=case.application_id,
            applicant_id=case.applicant_id,
            people=[person],
            part=part,
            since=clock.now(),
        ),
    )
