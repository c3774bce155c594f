"""What this stage does when it hears of something."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.assessment.commands.assignment import end_assignment
from services.assessment.commands.moving import advance_assessment_case
from services.assessment.domain.reassessment import grant_reassessment
from services.assessment.domain.workflow import FINAL, Act, State
from services.assessment.models import AccountCopy, Assessor, Case, File, derive_case_id
from shared import audit, clock
from shared.contracts import Event
from shared.contracts.decision import ReassessmentOrdered
from shared.contracts.registration import (
    AccountChanged,
    AccountOpened,
    ApplicationWithdrawn,
    SelfAssessmentSubmitted,
)
from shared.messaging.copies import keep_newest
from shared.messaging.reactions import Load, NotYet, Reactions, find_row
from shared.security.actor import SYSTEM
from shared.security.sealing import open_field

reactions = Reactions("assessment")


@reactions.on(AccountOpened, Load(AccountCopy, lambda fact: fact.account_id))
def open_account(session: Session, event: Event[AccountOpened]) -> None:
    """Keep an account as this stage knows it: its name, its roles, whether it is open."""
    _copy_account(session, event)


@reactions.on(
    AccountChanged, Load(AccountCopy, lambda fact: fact.account_id), Load(Assessor, lambda fact: fact.account_id)
)
def change_account(session: Session, event: Event[AccountChanged]) -> None:
    """An assessor's name follows the account's, and who is no longer active gets no case."""
    if _copy_account(session, event):
        assessor = find_row(session, Assessor, event.fact.account_id)
        if assessor is not None:
            assessor.name = event.fact.name


@reactions.on(
    SelfAssessmentSubmitted,
    Load(File, lambda fact: fact.application_id),
    Load(Case, lambda fact: derive_case_id(fact.application_id, 0)),
)
def open_case(session: Session, event: Event[SelfAssessmentSubmitted]) -> None:
    """A submitted file is a case to assess; a later round of it takes up the case that was returned."""
    fact = event.fact
    file = find_row(session, File, fact.application_id)
    if file is not None and file.sequence >= event.sequence:
        return
    case = find_row(session, Case, derive_case_id(fact.application_id, 0))
    if case is not None and case.state not in FINAL and case.state is not State.RETURNED:
        raise NotYet(f"round {fact.round} came while the case is {case.state}")
    if file is None:
        file = File(application_id=fact.application_id, withdrawn_at=None)
        session.add(file)
    _copy_file(file, fact, event.sequence)
    if case is None:
        _new_case(session, file, 0, fact.units, State.AWAITING_ASSESSOR)
    elif case.state is State.RETURNED:
        _take_up(session, case, fact)


@reactions.on(ApplicationWithdrawn, Load(File, lambda fact: fact.application_id))
def cancel_cases(session: Session, event: Event[ApplicationWithdrawn]) -> None:
    """Whatever is open of a withdrawn application is cancelled; one not heard of yet stays closed when it comes."""
    fact = event.fact
    file = find_row(session, File, fact.application_id)
    if file is None:
        session.add(_withdrawn_file(event))
        return
    if file.sequence >= event.sequence:
        return
    file.sequence, file.withdrawn_at = event.sequence, event.time
    session.flush()
    for case in session.scalars(select(Case).where(Case.application_id == fact.application_id)):
        if case.state not in FINAL:
            advance_assessment_case(session, SYSTEM, case, Act.CANCEL, reason=fact.reason)
            assignment = case.assignment
            if assignment is not None:
                assignment.ended_at, assignment.ending = clock.now(), "cancelled"


@reactions.on(
    ReassessmentOrdered,
    Load(File, lambda fact: fact.application_id),
    Load(Case, lambda fact: derive_case_id(fact.application_id, fact.attempt)),
)
def open_reassessment(session: Session, event: Event[ReassessmentOrdered]) -> None:
    """Another attempt at the units that were BK, at most three of each (R28).

    After an appeal it is by somebody new to the person (R10); one the candidate asked for goes to anybody.
    """
    fact = event.fact
    file = find_row(session, File, fact.application_id)
    if file is None:
        raise NotYet("the file of this application has not arrived")
    if (
        file.withdrawn_at is not None
        or find_row(session, Case, derive_case_id(fact.application_id, fact.attempt)) is not None
    ):
        return
    session.flush()
    earlier = list(session.scalars(select(Case).where(Case.application_id == fact.application_id)))
    granted = grant_reassessment(
        fact.units, [case.units for case in earlier if case.attempt > 0 and case.state is not State.CANCELLED]
    )
    state = State.AWAITING_ASSESSOR if granted.units else State.REFUSED
    case = _new_case(session, file, fact.attempt, granted.units, state)
    case.refused_units = granted.refused
    case.excluded_assessors = sorted({str(each) for each in fact.excluded_assessors} | _exclude(fact, earlier))


def _exclude(fact: ReassessmentOrdered, earlier: Iterable[Case]) -> set[str]:
    """Who does not do a new attempt: whoever an appeal once kept out stays out, and after one all who were before."""
    out = {each for case in earlier for each in case.excluded_assessors}
    if fact.another_assessor:
        # whoever was ever assigned, also when released since: nothing is taken off (R10)
        out |= {str(assignment.assessor_id) for case in earlier for assignment in case.assignments}
        out |= {str(case.assessor_id) for case in earlier if case.assessor_id is not None}
    return out


def _copy_account(session: Session, event: Event[AccountOpened] | Event[AccountChanged]) -> bool:
    """Keep what was told, unless something newer is known. Returns whether it was kept."""
    fact = event.fact
    values = {"name": fact.name, "email": fact.email, "roles": fact.roles, "active": fact.active}
    return keep_newest(session, AccountCopy, fact.account_id, event, values) is not None


def _copy_file(file: File, fact: SelfAssessmentSubmitted, sequence: int) -> None:
    file.applicant_id, file.applicant_name = fact.applicant_id, fact.applicant_name
    file.scheme_id, file.scheme_version, file.scheme_title = fact.scheme_id, fact.scheme_version, fact.scheme_title
    file.round, file.verifier_id = fact.round, fact.verifier_id
    file.units, file.claims, file.documents = fact.units, fact.claims, fact.documents
    note = open_field(SelfAssessmentSubmitted, "adjustment_note", fact.adjustment_note)
    file.adjustment_needed, file.adjustment_note = bool(note), note
    file.submitted_at, file.file_hash, file.renews = fact.submitted_at, fact.file_hash, fact.renews
    file.sequence = sequence


def _withdrawn_file(event: Event[ApplicationWithdrawn]) -> File:
    fact = event.fact
    return File(
        application_id=fact.application_id,
        applicant_id=fact.applicant_id,
        applicant_name="",
        scheme_id=fact.scheme_id,
        scheme_version=fact.scheme_version,
        scheme_title=fact.scheme_title,
        round=0,
        verifier_id=None,
        units=[],
        claims=[],
        documents=[],
        adjustment_needed=False,
        adjustment_note="",
        submitted_at=None,
        file_hash="",
        renews=None,
        withdrawn_at=event.time,
        sequence=event.sequence,
    )


def _new_case(session: Session, file: File, attempt: int, units: list[str], state: State) -> Case:
    case = Case(
        id=derive_case_id(file.application_id, attempt),
        file=file,
        application_id=file.application_id,
        attempt=attempt,
        applicant_id=file.applicant_id,
        state=state,
        units=units,
        refused_units=[],
        excluded_assessors=[],
        since=clock.now(),
    )
    session.add(case)
    audit.record_act(session, SYSTEM, "case:open", case.subject, None, {"state": state.value, "units": units})
    return case


def _take_up(session: Session, case: Case, fact: SelfAssessmentSubmitted) -> None:
    """The same assessor goes on, cleared as before, unless he or she has now verified the file (R25)."""
    case.units = fact.units
    advance_assessment_case(session, SYSTEM, case, Act.RESUBMIT, round=fact.round)
    if case.assessor_id == fact.verifier_id:
        advance_assessment_case(session, SYSTEM, case, Act.RELEASE, assessor=str(case.assessor_id))
        end_assignment(session, case, "released", "R25")
