"""Asking who was involved: to name, admit, count and offer people."""

from collections import defaultdict
from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from shared.contracts.words import Involvement
from shared.involvement.models import InvolvedPerson
from shared.involvement.record import OF_THE_PERSON, InvolvementRecord


def read_involvement(session: Session, application_id: UUID, applicant_id: UUID) -> InvolvementRecord:
    """The record of one case."""
    return read_involvements(session, {application_id: applicant_id})[application_id]


def read_involvements(session: Session, cases: Mapping[UUID, UUID]) -> dict[UUID, InvolvementRecord]:
    """Application id -> record, of `cases`: application id -> applicant id. One query however many there are."""
    found: dict[UUID, dict[Involvement, set[UUID]]] = {case: defaultdict(set) for case in cases}
    of_applicant: dict[UUID, list[UUID]] = defaultdict(list)
    for case, applicant in cases.items():
        of_applicant[applicant].append(case)
    statement = select(
        InvolvedPerson.application_id, InvolvedPerson.applicant_id, InvolvedPerson.person_id, InvolvedPerson.part
    ).where(
        or_(
            InvolvedPerson.application_id.in_(cases),
            and_(InvolvedPerson.applicant_id.in_(of_applicant), InvolvedPerson.part.in_(OF_THE_PERSON)),
        )
    )
    for application_id, applicant_id, person_id, part in session.execute(statement):
        about = of_applicant[applicant_id] if part in OF_THE_PERSON else [application_id]
        for case in about:
            if case in found:
                found[case][part].add(person_id)
    return {
        case: InvolvementRecord({part: frozenset(people) for part, people in parts.items()})
        for case, parts in found.items()
    }
