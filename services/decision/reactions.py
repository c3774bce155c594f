"""What the decision stage hears of: accounts, applications, recommendations (process 2.8)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from services.decision.domain.freezing import hash_text
from services.decision.domain.workflow import CaseAct, CaseState, apply_decision_act, is_act_allowed
from services.decision.models import (
    AccountCopy,
    AgendaItem,
    ApplicationCopy,
    DecisionCase,
    ItemState,
    Recommendation,
    SubmittedFile,
)
from shared import audit, clock
from shared.contracts import Event
from shared.contracts.assessment import AssessmentRecommended
from shared.contracts.registration import (
    AccountChanged,
    AccountOpened,
    ApplicationFiled,
    ApplicationWithdrawn,
    SelfAssessmentSubmitted,
)
from shared.errors import N_
from shared.messaging.copies import keep_newest
from shared.messaging.reactions import Load, NotYet, Reactions, find_row
from shared.security.actor import SYSTEM
from shared.security.sealing import open_field

reactions = Reactions("decision")


class NotAsHashed(ValueError):
    """What was told as content has not the hash that was told with it: nobody may decide on it."""


WITHDRAWN = N_("Permohonan ditarik oleh pemohon.")


def _account(fact: AccountOpened | AccountChanged) -> UUID:
    return fact.account_id


def _application(fact: ApplicationFiled | ApplicationWithdrawn | AssessmentRecommended) -> UUID:
    return fact.application_id


@reactions.on(AccountOpened, Load(AccountCopy, _account))
def copy_account(session: Session, event: Event[AccountOpened] | Event[AccountChanged]) -> None:
    """Keep who has which roles: for the officers' appointments and the panels."""
    fact = event.fact
    values = {"name": fact.name, "email": fact.email, "roles": fact.roles, "active": fact.active}
    values["person_id"] = fact.person_id
    keep_newest(session, AccountCopy, fact.account_id, event, values)


@reactions.on(AccountChanged, Load(AccountCopy, _account))
def change_account(session: Session, event: Event[AccountChanged]) -> None:
    """Keep what changed of an account: a role taken away ends what it allowed."""
    copy_account(session, event)


@reactions.on(ApplicationFiled, Load(ApplicationCopy, _application))
def note_filing(session: Session, event: Event[ApplicationFiled]) -> None:
    """Keep when it was first filed: it tells a new application from one beside another (process 2.10)."""
    copy = _copy(session, event.fact.application_id, event.fact.applicant_id, event.fact.filed_at, event.sequence)
    copy.filed_at = min(copy.filed_at, event.fact.filed_at)
    copy.sequence = max(copy.sequence, event.sequence)


@reactions.on(ApplicationWithdrawn, Load(ApplicationCopy, _application), Load(DecisionCase, _application))
def close_withdrawn(session: Session, event: Event[ApplicationWithdrawn]) -> None:
    """What the applicant took back is not decided any more; what was decided stands."""
    copy = _copy(session, event.fact.application_id, event.fact.applicant_id, event.time, event.sequence)
    copy.withdrawn = True
    copy.sequence = max(copy.sequence, event.sequence)
    case = find_row(session, DecisionCase, event.fact.application_id)
    if case is None or not is_act_allowed(CaseState(case.state), CaseAct.WITHDRAW):
        return
    before = case.state
    if case.meeting_id is not None:
        item = session.get(AgendaItem, (case.meeting_id, case.id))
        if item is not None and item.state == ItemState.PENDING:
            item.state, item.note = ItemState.DEFERRED, WITHDRAWN
    case.state, case.state_since = apply_decision_act(CaseState(before), CaseAct.WITHDRAW), clock.now()
    case.closed_reason, case.meeting_id = WITHDRAWN, None
    audit.record_act(session, SYSTEM, "case:withdraw", case.subject, {"state": before}, {"state": case.state})


@reactions.on(SelfAssessmentSubmitted, Load(SubmittedFile, lambda fact: fact.file_hash))
def keep_submitted_file(session: Session, event: Event[SelfAssessmentSubmitted]) -> None:
    """Keep the file as submitted, so that the officers see what the decision rests on, whatever changes later (R12)."""
    fact = event.fact
    content = open_field(SelfAssessmentSubmitted, "file", fact.file)
    if not content or find_row(session, SubmittedFile, fact.file_hash) is not None:
        return
    _check_hash(content, fact.file_hash)
    session.add(
        SubmittedFile(
            file_hash=fact.file_hash,
            application_id=fact.application_id,
            submitted_at=fact.submitted_at,
            content=content,
            nik_shown=open_field(SelfAssessmentSubmitted, "nik_shown", fact.nik_shown),
            documents=fact.documents,
        )
    )


@reactions.on(AssessmentRecommended, Load(DecisionCase, _application), Load(ApplicationCopy, _application))
def queue_case(session: Session, event: Event[AssessmentRecommended]) -> None:
    """A recommendation waits for a meeting: a first one opens the case, a re-assessment's brings it back (R28)."""
    fact = event.fact
    case = find_row(session, DecisionCase, fact.application_id)
    if case is None:
        if fact.attempt != 0:
            raise NotYet(f"the first recommendation for {fact.application_id} has not come")
        case = _open(session, fact)
    elif fact.attempt > case.attempt:
        raise NotYet(f"re-assessment {fact.attempt} of {fact.application_id} was not ordered yet")
    elif fact.attempt < case.attempt or not is_act_allowed(CaseState(case.state), CaseAct.RECOMMEND_AGAIN):
        return
    else:
        case.state, case.state_since = apply_decision_act(CaseState(case.state), CaseAct.RECOMMEND_AGAIN), clock.now()
    session.add(_recommendation(fact))
    audit.record_act(
        session,
        SYSTEM,
        "case:recommended",
        case.subject,
        None,
        {"attempt": fact.attempt, "units": {unit.unit: unit.judgement for unit in fact.units}, "state": case.state},
    )


def _copy(session: Session, key: UUID, applicant: UUID, filed_at: datetime, sequence: int) -> ApplicationCopy:
    copy = find_row(session, ApplicationCopy, key)
    if copy is None:
        copy = ApplicationCopy(id=key, applicant_id=applicant, filed_at=filed_at, sequence=sequence, withdrawn=False)
        session.add(copy)
    return copy


def _open(session: Session, fact: AssessmentRecommended) -> DecisionCase:
    copy = find_row(session, ApplicationCopy, fact.application_id)
    withdrawn = copy is not None and copy.withdrawn
    case = DecisionCase(
        id=fact.application_id,
        applicant_id=fact.applicant_id,
        applicant_name=fact.applicant_name,
        scheme_id=fact.scheme_id,
        scheme_version=fact.scheme_version,
        scheme_title=fact.scheme_title,
        renews=fact.renews,
        attempt=0,
        standing={},
        state=CaseState.CLOSED if withdrawn else CaseState.AWAITING_MEETING,
        closed_reason=WITHDRAWN if withdrawn else "",
    )
    session.add(case)
    return case


def _check_hash(content: str, told: str) -> None:
    if hash_text(content) != told:
        raise NotAsHashed(f"told with the hash {told}")


def _recommendation(fact: AssessmentRecommended) -> Recommendation:
    record = open_field(AssessmentRecommended, "record", fact.record)
    if record:
        _check_hash(record, fact.record_hash)
    return Recommendation(
        case_id=fact.application_id,
        attempt=fact.attempt,
        assessment_id=fact.case_id,
        units={unit.unit: unit.judgement for unit in fact.units},
        assessor_id=fact.assessor_id,
        assessor_name=fact.assessor_name,
        verifier_id=fact.verifier_id,
        assessed_on=fact.assessed_on,
        place=fact.place,
        note=fact.note,
        unit_notes=fact.unit_notes,
        file_hash=fact.file_hash,
        record_hash=fact.record_hash,
        met_valid_until=fact.met_valid_until,
        centre_verified_until=fact.centre_verified_until,
        record=record or None,
    )
