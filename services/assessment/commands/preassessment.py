"""The pre-assessment: appointment, evidence, plan, agreement, or back to the candidate (process 2.6)."""

from typing import Annotated
from uuid import UUID

from pydantic import Field
from sqlalchemy.orm import Session

from services.assessment.access import PLANNERS
from services.assessment.commands.inputs import Code, Input, Line, Moment, Note, Reason, Text
from services.assessment.commands.loading import load_case_of_assessor, load_case_of_candidate, load_case_to_run
from services.assessment.commands.moving import advance_assessment_case, describe_case_fields
from services.assessment.domain import preassessment as rules
from services.assessment.domain.preassessment import Briefing, Explanation, Quality
from services.assessment.domain.workflow import Act, check_assessment_act
from services.assessment.models import Case, Consultation
from services.assessment.models.contents import KeptCheck, KeptUnitPlan
from shared import clock
from shared.contracts.assessment import CandidateReturned, PlanAgreed, PlanProposed, PreAssessmentScheduled
from shared.contracts.words import ItemReason
from shared.errors import N_, Conflict, Invalid
from shared.messaging.outbox import announce
from shared.schemes import shipped_schemes
from shared.security.actor import Actor


class Appointment(Input):
    """When and where (or over which line) assessor and candidate talk."""

    at: Moment
    place: Line


class Check(Input):
    """What the assessor found of one document against FR-APL-01/02 (VATM); the note says what is missing."""

    document_id: UUID
    valid: bool = False
    authentic: bool = False
    current: bool = False
    sufficient: bool = False
    note: Note = ""


class PlannedUnit(Input):
    """FR-POA-01 and FR-DAT-01 of one unit. `methods` are among the scheme's."""

    unit: Code
    approach: Note = ""
    methods: Annotated[list[Code], Field(max_length=20)] = []
    tools: Annotated[list[Line], Field(max_length=20)] = []


class Findings(Input):
    """What the assessor noted; may be incomplete as a draft, not as a proposal."""

    checks: Annotated[list[Check], Field(max_length=200)] = []
    explanations: Annotated[list[Explanation], Field(max_length=20)] = []
    briefings: Annotated[list[Briefing], Field(max_length=20)] = []
    plan: Annotated[list[PlannedUnit], Field(max_length=100)] = []
    adjustments: Note = ""


class Mending(Input):
    """One item of the file that the candidate has to mend, and why."""

    item: Line
    reason: Text


class Return(Input):
    """Why the assessor does not recommend to continue, item by item."""

    reasons: Annotated[list[Mending], Field(min_length=1, max_length=100)]
    note: Note = ""


def schedule_pre_assessment(session: Session, actor: Actor, case_id: UUID, command: Appointment) -> Case:
    """Make or move the appointment; the assessor does it, or the secretariat. Raises NotFound, Conflict, Invalid."""
    case = (
        load_case_to_run(session, actor, case_id)
        if actor.has(*PLANNERS)
        else load_case_of_assessor(session, actor, case_id)
    )
    check_assessment_act(case.state, Act.SCHEDULE_PRE_ASSESSMENT)
    if command.at.astimezone(clock.JAKARTA).date() < clock.today():
        raise Invalid(
            "appointment-past",
            N_("Pra-asesmen tidak dapat dijadwalkan pada hari yang telah lewat."),
            fields={"at": N_("Isi hari ini atau sesudahnya.")},
        )
    advance_assessment_case(
        session, actor, case, Act.SCHEDULE_PRE_ASSESSMENT, at=command.at.isoformat(), place=command.place
    )
    consultation = case.consultation
    if consultation is None:
        assert case.assessor_id is not None  # noqa: S101 - a cleared case has one
        consultation = Consultation(
            number=len(case.consultations) + 1, assessor_id=case.assessor_id, at=command.at, place=command.place
        )
        case.consultations.append(consultation)
    consultation.at, consultation.place = command.at, command.place
    announce(
        session,
        case,
        PreAssessmentScheduled(
            **describe_case_fields(case), assessor_name=case.assessor_name, at=command.at, place=command.place
        ),
    )
    return case


def draft_plan(session: Session, actor: Actor, case_id: UUID, command: Findings) -> Case:
    """Keep what the assessor noted so far; it may have gaps, but names nothing the case does not have.

    Raises NotFound `case-unknown`, Conflict `case-state`, Invalid `plan-unknown`.
    """
    case = load_case_of_assessor(session, actor, case_id)
    advance_assessment_case(session, actor, case, Act.DRAFT_PLAN)
    findings = _findings(command)
    rules.check_plan_draft(findings, frame_consultation(case))
    _keep(_in_hand(case), command)
    return case


def propose_plan(session: Session, actor: Actor, case_id: UUID, command: Findings) -> Case:
    """Recommend to continue, on this plan; the candidate is asked to agree (FR.AK.01).

    Raises NotFound, Conflict, Invalid naming what is missing.
    """
    case = load_case_of_assessor(session, actor, case_id)
    check_assessment_act(case.state, Act.PROPOSE_PLAN)
    rules.check_plan_proposal(_findings(command), frame_consultation(case))
    consultation = _in_hand(case)
    _keep(consultation, command)
    consultation.proposed_at, consultation.disagreement = clock.now(), ""
    noted = command.model_dump(mode="json", include={"checks", "explanations", "briefings", "plan"})
    advance_assessment_case(session, actor, case, Act.PROPOSE_PLAN, **noted)
    announce(session, case, PlanProposed(**describe_case_fields(case), assessor_name=case.assessor_name))
    return case


def return_case(session: Session, actor: Actor, case_id: UUID, command: Return) -> Case:
    """Do not recommend to continue: form and documents go back with reasons. Raises NotFound, Conflict."""
    case = load_case_of_assessor(session, actor, case_id)
    reasons = [ItemReason(item=each.item, reason=each.reason) for each in command.reasons]
    advance_assessment_case(session, actor, case, Act.RETURN, **command.model_dump(mode="json"))
    consultation = _in_hand(case)
    consultation.reasons = reasons
    consultation.note = command.note
    consultation.closed_at = clock.now()
    announce(
        session,
        case,
        CandidateReturned(**describe_case_fields(case), assessor_id=actor.id, reasons=reasons, note=command.note),
    )
    return case


def agree_to_plan(session: Session, actor: Actor, case_id: UUID) -> Case:
    """The candidate agrees to the plan, the methods, the rules and the confidentiality (FR.AK.01).

    Raises NotFound, Conflict.
    """
    case = load_case_of_candidate(session, actor, case_id)
    advance_assessment_case(session, actor, case, Act.AGREE)
    now = clock.now()
    _in_hand(case).agreed_at = now
    announce(session, case, PlanAgreed(**describe_case_fields(case), agreed_at=now))
    return case


def decline_plan(session: Session, actor: Actor, case_id: UUID, command: Reason) -> Case:
    """The candidate asks for another plan; the assessor mends it. Raises NotFound, Conflict."""
    case = load_case_of_candidate(session, actor, case_id)
    advance_assessment_case(session, actor, case, Act.DISAGREE, reason=command.reason)
    _in_hand(case).disagreement = command.reason
    return case


def frame_consultation(case: Case) -> rules.Frame:
    """What the notes of this case's pre-assessment may name: its documents, its units, its scheme's methods.

    Raises NotFound when the scheme's version is not shipped.
    """
    scheme = shipped_schemes().get(case.file.scheme_id, case.file.scheme_version)
    return rules.Frame(
        documents=case.file.document_ids,
        units=case.units,
        methods=[method.value for method in scheme.methods],
        adjustment_needed=case.file.adjustment_needed,
    )


def _in_hand(case: Case) -> Consultation:
    if case.consultation is None:
        raise Conflict("consultation-none", N_("Pra-asesmen belum dijadwalkan."))
    return case.consultation


def _keep(consultation: Consultation, command: Findings) -> None:
    consultation.checks = [KeptCheck(**check.model_dump()) for check in command.checks]
    consultation.explanations = sorted(set(command.explanations))
    consultation.briefings = sorted(set(command.briefings))
    consultation.plan = [KeptUnitPlan(**unit.model_dump()) for unit in command.plan]
    consultation.adjustments = command.adjustments


def _findings(command: Findings) -> rules.Consultation:
    return rules.Consultation(
        checks=tuple(
            rules.EvidenceCheck(
                str(check.document_id), frozenset(q for q in Quality if getattr(check, q.value)), check.note
            )
            for check in command.checks
        ),
        explanations=frozenset(command.explanations),
        briefings=frozenset(command.briefings),
        plan=tuple(
            rules.UnitPlan(unit.unit, unit.approach, tuple(unit.methods), tuple(unit.tools)) for unit in command.plan
        ),
        adjustments=command.adjustments,
    )
