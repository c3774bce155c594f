"""What every step on a case does: find it for who may see it, move it on, note it."""

from typing import Any, TypedDict
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.assessment.domain.workflow import Act, apply_act
from services.assessment.models import Account, Case, StoredDeclaration
from shared import audit, clock
from shared.errors import N_, Conflict, NotFound
from shared.security.actor import Actor

UNKNOWN_CASE = N_("Kasus tidak ditemukan.")


class Told(TypedDict):
    """The fields that every fact about a case begins with."""

    case_id: UUID
    application_id: UUID
    applicant_id: UUID
    attempt: int


def describe_case_fields(case: Case) -> Told:
    return Told(
        case_id=case.id, application_id=case.application_id, applicant_id=case.applicant_id, attempt=case.attempt
    )


def load_case(session: Session, actor: Actor, case_id: UUID) -> Case:
    """The case, for those who run the stage. Raises NotFound, and Conflict where it is about the actor (4.3)."""
    case = session.get(Case, case_id)
    if case is None:
        raise NotFound("case-unknown", UNKNOWN_CASE)
    if case.applicant_id == actor.id:
        raise Conflict("own-case", N_("Ini kasus Anda sendiri; petugas lain yang mengurusnya."))
    return case


def load_case_of_assessor(session: Session, actor: Actor, case_id: UUID) -> Case:
    """The case that is the actor's to assess. Somebody else's raises NotFound, as one that does not exist does."""
    case = session.get(Case, case_id)
    if case is None or case.assessor_id != actor.id:
        raise NotFound("case-unknown", UNKNOWN_CASE)
    return case


def load_case_of_candidate(session: Session, actor: Actor, case_id: UUID) -> Case:
    """The case that is about the actor. Raises NotFound for any other."""
    case = session.get(Case, case_id)
    if case is None or case.applicant_id != actor.id:
        raise NotFound("case-unknown", UNKNOWN_CASE)
    return case


def advance_case(session: Session, actor: Actor, case: Case, act: Act, **noted: Any) -> None:
    """Move the case on and note who did it (R26). Raises Conflict where its state does not allow the act.

    Every step touches the case's own row: of two at once, the optimistic lock lets one through.
    """
    before = case.state
    case.state = apply_act(before, act)
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


def is_open_assessor_account(session: Session, assessor_id: UUID) -> bool:
    """Whether the account behind the registration is open and still has the role."""
    account = session.get(Account, assessor_id)
    return account is not None and account.may_assess


def load_declarations(session: Session, assessor_id: UUID, applicant_id: UUID) -> list[StoredDeclaration]:
    """All that this assessor ever declared about this person."""
    return list(
        session.scalars(
            select(StoredDeclaration).where(
                StoredDeclaration.assessor_id == assessor_id, StoredDeclaration.applicant_id == applicant_id
            )
        )
    )
