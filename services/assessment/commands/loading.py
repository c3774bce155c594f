"""The rows an act is about: found for who may act on them, refused to everybody else.

Cases carry an optimistic lock (every act touches the case's own row), so that loading one does not lock it. What has no
such row is locked here: the seats of a TUK and the hours of an assessor.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.assessment.domain.impartiality import Candidacy, Obstacle, find_assessor_obstacles
from services.assessment.domain.workflow import SEATED
from services.assessment.models import AccountCopy, Assessor, Case, Centre, Sitting, StoredDeclaration
from services.assessment.models.sittings import SittingState
from shared.errors import N_, Conflict, NotFound
from shared.involvement.reading import read_involvement
from shared.security.actor import Actor

UNKNOWN_CASE = N_("Kasus tidak ditemukan.")


def load_case_to_run(session: Session, actor: Actor, case_id: UUID) -> Case:
    """The case, for those who run the stage.

    Raises NotFound `case-unknown`, and Conflict `own-case` where it is about the actor (ISO/IEC 17024 4.3).
    """
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
    """The case in which the actor is the candidate. Any other raises NotFound."""
    case = session.get(Case, case_id)
    if case is None or case.applicant_id != actor.id:
        raise NotFound("case-unknown", UNKNOWN_CASE)
    return case


def is_open_assessor_account(session: Session, assessor_id: UUID) -> bool:
    """Whether the account behind a registration is open and still has the role of an assessor."""
    account = session.get(AccountCopy, assessor_id)
    return account is not None and account.may_assess


def load_declarations(session: Session, assessor_id: UUID, applicant_id: UUID) -> list[StoredDeclaration]:
    """Every declaration of impartiality this assessor ever made about this person, in whichever case (R4)."""
    return list(
        session.scalars(
            select(StoredDeclaration).where(
                StoredDeclaration.assessor_id == assessor_id, StoredDeclaration.applicant_id == applicant_id
            )
        )
    )


def load_candidacy(session: Session, case: Case) -> Candidacy:
    """What the rules on the choice of assessor ask of the case, with everybody who was ever involved in it."""
    return replace(case.candidacy, record=read_involvement(session, case.application_id, case.applicant_id))


def list_obstacles_of(session: Session, assessor: Assessor, case: Case, day: date) -> list[Obstacle]:
    """All that keeps the assessor from the case on `day` (R3, R4, R5, R10, R25)."""
    declared = [one.declaration for one in load_declarations(session, assessor.id, case.applicant_id)]
    registration = assessor.registration(is_open_assessor_account(session, assessor.id))
    return find_assessor_obstacles(registration, load_candidacy(session, case), declared, day)


def load_planned_sitting(session: Session, sitting_id: UUID) -> Sitting:
    """The sitting, unless it was called off. Raises NotFound `sitting-unknown`, Conflict `sitting-cancelled`."""
    sitting = session.get(Sitting, sitting_id)
    if sitting is None:
        raise NotFound("sitting-unknown", N_("Sesi tidak ditemukan."))
    if sitting.state is SittingState.CANCELLED:
        raise Conflict("sitting-cancelled", N_("Sesi ini sudah dibatalkan. Pilih sesi lain."))
    return sitting


def load_seated_cases(session: Session, sitting: Sitting) -> list[Case]:
    """The cases that hold a seat in the sitting, those already assessed included."""
    return list(session.scalars(select(Case).where(Case.sitting_id == sitting.id, Case.state.in_(SEATED))))


def lock_centre_and_assessors(session: Session, sitting: Sitting, coming: Iterable[Case]) -> None:
    """Lock the sitting's TUK and the assessors of the cases that come, until the transaction ends.

    Two secretaries at once must not both take the last seat or the same assessor's hour.
    """
    session.flush()
    session.execute(select(Centre.id).where(Centre.id == sitting.centre_id).with_for_update())
    assessors = sorted({case.assessor_id for case in coming if case.assessor_id is not None})
    if assessors:
        # One order for everybody: two who lock several never wait for each other.
        session.execute(select(Assessor.id).where(Assessor.id.in_(assessors)).order_by(Assessor.id).with_for_update())
