"""What registration hears of the later stages: the applicant's timeline, access to files, certificates to renew."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.registration.commands.scheme_holds import (
    give_scheme_to_certificate,
    is_in_force,
    leave_scheme,
    take_scheme_from_certificate,
)
from services.registration.domain.workflow import Act, Stage, State, apply_application_act
from services.registration.models import (
    Application,
    CaseAccess,
    DossierRight,
    Holding,
    HoldingStatus,
    Milestone,
    Outcome,
    derive_outcome_id,
    derive_right_id,
)
from shared.contracts import Event, assessment, certificate, decision, surveillance
from shared.contracts.words import Judgement
from shared.messaging.copies import keep_newest, take_if_newer
from shared.messaging.reactions import Load, NotYet, Reactions, find_row

reactions = Reactions("registration")

_ACCESS = Load(CaseAccess, lambda fact: fact.case_id)
_OUTCOME = Load(Outcome, lambda fact: derive_outcome_id(fact.application_id, fact.attempt))
_RIGHT = Load(DossierRight, lambda fact: derive_right_id(fact.application_id, fact.person_id))
_HOLDING = Load(Holding, lambda fact: fact.number)


def add_milestone(session: Session, event: Event[Any], application_id: UUID, stage: Stage, **data: Any) -> None:
    """Put it on the applicant's timeline. The timeline is ordered by when things happened, not by when we heard."""
    session.add(Milestone(id=event.id, application_id=application_id, stage=stage, at=event.time, data=data))


@reactions.on(assessment.AssessorAssigned, _ACCESS)
def keep_assessor(session: Session, event: Event[assessment.AssessorAssigned]) -> None:
    """The file stays closed until this assessor has declared impartiality (R4)."""
    _access(session, event, cleared=False)
    add_milestone(session, event, event.fact.application_id, Stage.ASSESSOR_ASSIGNED, assessor=event.fact.assessor_name)


@reactions.on(assessment.AssessorCleared, _ACCESS)
def open_file_to_assessor(session: Session, event: Event[assessment.AssessorCleared]) -> None:
    """Impartiality declared: the file opens to this assessor (R4; ISO/IEC 17024 4.3)."""
    _access(session, event, cleared=True)


@reactions.on(assessment.AssessorBlocked, _ACCESS)
def close_file_to_assessor(session: Session, event: Event[assessment.AssessorBlocked]) -> None:
    """A conflict was declared: the file is closed to this assessor (R4)."""
    _access(session, event, cleared=False)


@reactions.on(assessment.AssessorReleased, _ACCESS)
def close_file_to_released_assessor(session: Session, event: Event[assessment.AssessorReleased]) -> None:
    """Taken off the case: the file is closed to this assessor."""
    _access(session, event, cleared=False)


@reactions.on(decision.DossierOpened, _RIGHT)
def open_evidence_to_decider(session: Session, event: Event[decision.DossierOpened]) -> None:
    """Impartiality declared: the evidence opens to this officer or member of a panel (R1, R7)."""
    _keep_right(session, event, is_open=True)


@reactions.on(decision.DossierClosed, _RIGHT)
def close_evidence_to_decider(session: Session, event: Event[decision.DossierClosed]) -> None:
    """The person keeps out of the case from now on: its evidence is closed again (R1, R7)."""
    _keep_right(session, event, is_open=False)


def _keep_right(
    session: Session, event: Event[decision.DossierOpened] | Event[decision.DossierClosed], *, is_open: bool
) -> None:
    fact = event.fact
    values = {"application_id": fact.application_id, "person_id": fact.person_id, "is_open": is_open}
    keep_newest(session, DossierRight, derive_right_id(fact.application_id, fact.person_id), event, values)


@reactions.on(assessment.PreAssessmentScheduled)
def mark_pre_assessment(session: Session, event: Event[assessment.PreAssessmentScheduled]) -> None:
    """Show the applicant when and where the talk with the assessor is (process 2.6)."""
    fact = event.fact
    add_milestone(
        session, event, fact.application_id, Stage.PRE_ASSESSMENT_SCHEDULED,
        assessor=fact.assessor_name, at=fact.at.isoformat(), place=fact.place,
    )  # fmt: skip


@reactions.on(assessment.CandidateReturned, Load(Application, lambda fact: fact.application_id))
def return_by_assessor(session: Session, event: Event[assessment.CandidateReturned]) -> None:
    """Form and documents go back to the applicant with the assessor's reasons (process 2.6)."""
    application = find_row(session, Application, event.fact.application_id)
    if application is None:
        raise NotYet(f"application {event.fact.application_id}")
    if application.state is State.SELF_ASSESSED:
        application.state = apply_application_act(application.state, Act.RETURN_BY_ASSESSOR)
    add_milestone(
        session, event, application.id, Stage.RETURNED_BY_ASSESSOR,
        note=event.fact.note, reasons=[reason.model_dump() for reason in event.fact.reasons],
    )  # fmt: skip


@reactions.on(assessment.PlanProposed)
def mark_proposal(session: Session, event: Event[assessment.PlanProposed]) -> None:
    """Show the applicant that a plan waits for the own agreement (FR.AK.01; process 2.6)."""
    add_milestone(session, event, event.fact.application_id, Stage.PLAN_PROPOSED, assessor=event.fact.assessor_name)


@reactions.on(assessment.PlanAgreed)
def mark_plan(session: Session, event: Event[assessment.PlanAgreed]) -> None:
    """Show the applicant that the plan is agreed (FR.AK.01; process 2.6)."""
    add_milestone(session, event, event.fact.application_id, Stage.PLAN_AGREED)


@reactions.on(assessment.AssessmentScheduled)
def mark_assessment(session: Session, event: Event[assessment.AssessmentScheduled]) -> None:
    """Show the applicant day, place and what to bring (process 2.7)."""
    fact = event.fact
    add_milestone(
        session, event, fact.application_id, Stage.SCHEDULED,
        assessor=fact.assessor_name, at=fact.at.isoformat(), place=fact.place, address=fact.address, bring=fact.bring,
    )  # fmt: skip


@reactions.on(assessment.AssessmentPostponed)
def mark_postponed(session: Session, event: Event[assessment.AssessmentPostponed]) -> None:
    """Show the applicant that the day announced before does not hold, and why."""
    add_milestone(session, event, event.fact.application_id, Stage.POSTPONED, reason=event.fact.reason)


@reactions.on(assessment.AssessmentRecommended, _OUTCOME)
def mark_recommended(session: Session, event: Event[assessment.AssessmentRecommended]) -> None:
    """That it was assessed, not what was recommended: only the chair's decision is an outcome (R2)."""
    add_milestone(session, event, event.fact.application_id, Stage.RECOMMENDED, attempt=event.fact.attempt)
    outcome = _outcome(session, event.fact)
    outcome.assessed_on, outcome.assessor_registration = event.fact.assessed_on, event.fact.assessor_registration


@reactions.on(decision.CertificationDecided, _OUTCOME)
def mark_decided(session: Session, event: Event[decision.CertificationDecided]) -> None:
    """Show the applicant the decision per unit (process 2.9), and keep the outcome for the list that goes to BNSP."""
    fact = event.fact
    stage = Stage.DECIDED_K if fact.judgement is Judgement.K else Stage.DECIDED_BK
    add_milestone(
        session, event, fact.application_id, stage,
        decree=fact.decree_number, appeal_until=fact.appeal_until.isoformat(),
        reassess_until=fact.reassess_until.isoformat() if fact.reassess_until else "",
        units=[unit.model_dump(mode="json") for unit in fact.units],
    )  # fmt: skip
    outcome = _outcome(session, fact)
    outcome.judgement, outcome.decided_at, outcome.meeting_id = fact.judgement, fact.decided_at, fact.meeting_id


@reactions.on(decision.AppealReceived)
def mark_appeal(session: Session, event: Event[decision.AppealReceived]) -> None:
    """Show the applicant that the appeal was received (R9)."""
    add_milestone(session, event, event.fact.application_id, Stage.APPEAL_RECEIVED)


@reactions.on(decision.AppealPanelNamed)
def mark_panel(session: Session, event: Event[decision.AppealPanelNamed]) -> None:
    """Show the applicant that a panel will hear the appeal (R9)."""
    add_milestone(session, event, event.fact.application_id, Stage.APPEAL_PANEL_NAMED)


@reactions.on(decision.AppealDecided)
def mark_appeal_decided(session: Session, event: Event[decision.AppealDecided]) -> None:
    """Show the applicant how the appeal ended, with the panel's reasons (R9)."""
    stage = Stage.APPEAL_UPHELD if event.fact.upheld else Stage.APPEAL_REJECTED
    add_milestone(session, event, event.fact.application_id, stage, reasons=event.fact.reasons)


@reactions.on(decision.ReassessmentOrdered)
def mark_reassessment(session: Session, event: Event[decision.ReassessmentOrdered]) -> None:
    """Show the applicant which units are assessed once more (R28)."""
    fact = event.fact
    add_milestone(
        session, event, fact.application_id, Stage.REASSESSMENT_ORDERED, attempt=fact.attempt, units=fact.units
    )


@reactions.on(decision.CaseClosed)
def end_case(session: Session, event: Event[decision.CaseClosed]) -> None:
    """The case has ended in BK: the person may apply for the scheme anew (process 2.10; domain handbook 10)."""
    add_milestone(session, event, event.fact.application_id, Stage.CASE_CLOSED)
    session.flush()
    leave_scheme(session, event.fact.application_id)


@reactions.on(certificate.AgreementRequested)
def mark_agreement(session: Session, event: Event[certificate.AgreementRequested]) -> None:
    """Show the applicant that the agreement of use waits to be signed (R17)."""
    add_milestone(session, event, event.fact.application_id, Stage.AGREEMENT_REQUESTED)


@reactions.on(certificate.CertificateIssued, _HOLDING)
def keep_certificate(session: Session, event: Event[certificate.CertificateIssued]) -> None:
    """The certificate is known from now on, so that it can be renewed (process 2.12)."""
    fact = event.fact
    holding = _holding(session, fact.number)
    holding.holder_id, holding.application_id = fact.holder_id, fact.application_id
    holding.scheme_id, holding.scheme_title, holding.expires_on = fact.scheme_id, fact.scheme_title, fact.expires_on
    holding.sequence = max(holding.sequence, event.sequence)
    if is_in_force(holding):
        give_scheme_to_certificate(session, holding)
    add_milestone(session, event, fact.application_id, Stage.CERTIFIED, number=fact.number, check_url=fact.check_url)


@reactions.on(certificate.CertificateSuspended, _HOLDING)
def keep_suspension(session: Session, event: Event[certificate.CertificateSuspended]) -> None:
    """Keep that the certificate is suspended: it cannot be renewed meanwhile (R15)."""
    _set_status(session, event, HoldingStatus.SUSPENDED)


@reactions.on(certificate.CertificateReinstated, _HOLDING)
def keep_reinstatement(session: Session, event: Event[certificate.CertificateReinstated]) -> None:
    """Keep that the suspension is over: the certificate can be renewed again (R15)."""
    _set_status(session, event, HoldingStatus.VALID)


@reactions.on(certificate.CertificateScopeReduced, _HOLDING)
def keep_reduction(session: Session, event: Event[certificate.CertificateScopeReduced]) -> None:
    """It holds for fewer units, and a suspension has ended with it (R15): all units can be applied for again."""
    _set_status(session, event, HoldingStatus.VALID)


@reactions.on(certificate.CertificateWithdrawn, _HOLDING)
def keep_withdrawal(session: Session, event: Event[certificate.CertificateWithdrawn]) -> None:
    """Keep that the certificate was withdrawn: it cannot be renewed, only applied for anew."""
    _set_status(session, event, HoldingStatus.WITHDRAWN)


@reactions.on(certificate.CertificateExpired, _HOLDING)
def keep_expiry(session: Session, event: Event[certificate.CertificateExpired]) -> None:
    """Keep that the certificate has expired: it cannot be renewed, only applied for anew (process 2.12)."""
    _set_status(session, event, HoldingStatus.EXPIRED)


@reactions.on(surveillance.RecertificationInvited, Load(Holding, lambda fact: fact.certificate_number))
def keep_invitation(session: Session, event: Event[surveillance.RecertificationInvited]) -> None:
    """The holder finds the invitation beside the own applications (process 2.12)."""
    holding = find_row(session, Holding, event.fact.certificate_number)
    if holding is None:
        raise NotYet(f"certificate {event.fact.certificate_number}")
    if holding.invited_at is None or holding.invited_at < event.time:
        holding.invited_at = event.time


def _access(session: Session, event: Event[Any], *, cleared: bool) -> None:
    """Who the case's file is open to; what is older than what is known is ignored."""
    fact = event.fact
    values = {"application_id": fact.application_id, "assessor_id": fact.assessor_id, "cleared": cleared}
    keep_newest(session, CaseAccess, fact.case_id, event, values)


def _outcome(session: Session, fact: assessment.AssessmentRecommended | decision.CertificationDecided) -> Outcome:
    """The outcome of one assessment, begun with whichever fact comes first."""
    key = derive_outcome_id(fact.application_id, fact.attempt)
    outcome = find_row(session, Outcome, key)
    if outcome is None:
        outcome = Outcome(id=key, application_id=fact.application_id, attempt=fact.attempt)
        session.add(outcome)
    return outcome


def _holding(session: Session, number: str) -> Holding:
    holding = find_row(session, Holding, number)
    if holding is None:
        holding = Holding(number=number, status=HoldingStatus.VALID, sequence=0)
        session.add(holding)
    return holding


def _set_status(session: Session, event: Event[Any], status: HoldingStatus) -> None:
    holding = find_row(session, Holding, event.fact.number)
    if holding is None:
        raise NotYet(f"certificate {event.fact.number}")
    if take_if_newer(holding, event):
        holding.status = status
        if status in (HoldingStatus.EXPIRED, HoldingStatus.WITHDRAWN):
            take_scheme_from_certificate(session, holding.number)
