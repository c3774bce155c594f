"""Sittings: a TUK taken for a time, and the candidates seated in it (process 2.7; R5, R6)."""

from datetime import date
from typing import Annotated
from uuid import UUID, uuid4

from pydantic import Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from services.assessment.access import PLANNERS
from services.assessment.commands.assignment import unseat_case
from services.assessment.commands.inputs import Input, Moment, Note, Reason
from services.assessment.commands.loading import (
    list_obstacles_of,
    load_case_of_assessor,
    load_case_to_run,
    load_planned_sitting,
    load_seated_cases,
    lock_centre_and_assessors,
)
from services.assessment.commands.moving import advance_assessment_case, describe_case_fields
from services.assessment.domain.impartiality import refuse_obstacles
from services.assessment.domain.paperfile import BRING
from services.assessment.domain.venue import (
    Slot,
    check_capacity,
    check_centre_for_scheme,
    check_centre_verified,
    check_slot,
    check_slot_free,
)
from services.assessment.domain.workflow import (
    BOOKED,
    SEATED,
    Act,
    State,
    check_assessment_act,
    check_may_postpone,
)
from services.assessment.models import Case, Centre, Sitting
from services.assessment.models.sittings import SittingState
from shared import audit, clock
from shared.contracts.assessment import AssessmentPostponed, AssessmentScheduled
from shared.errors import N_, Conflict, Invalid, NotFound, Refusal
from shared.messaging.outbox import announce
from shared.security.actor import Actor


class PlanSitting(Input):
    """Which TUK is taken, from when until when. Times without a zone are the wall clock in Jakarta."""

    centre_id: UUID
    starts_at: Moment
    ends_at: Moment
    note: Note = ""


class Seat(Input):
    """Cases to put into the sitting: all of them, or none."""

    case_ids: Annotated[list[UUID], Field(min_length=1, max_length=200)]


def plan_sitting(session: Session, actor: Actor, command: PlanSitting) -> Sitting:
    """Take a TUK for a time.

    Raises Invalid (unknown TUK, impossible times), Conflict (TUK not in use, or not verified on the day).
    """
    sitting = Sitting(id=uuid4(), state=SittingState.PLANNED)
    _set(session, sitting, command)
    session.add(sitting)
    audit.record_act(session, actor, "sitting:plan", sitting.subject, None, command.model_dump(mode="json"))
    return sitting


def move_sitting(session: Session, actor: Actor, sitting_id: UUID, command: PlanSitting) -> Sitting:
    """Another time or place: everybody seated is checked and told again. Raises NotFound, Invalid, Conflict."""
    sitting = load_planned_sitting(session, sitting_id)
    before = {"centre_id": str(sitting.centre_id), "starts_at": sitting.starts_at.isoformat()}
    seated = load_seated_cases(session, sitting)
    if any(case.state is not State.ASSESSMENT_SCHEDULED for case in seated):
        raise Conflict("sitting-begun", N_("Sesi ini sudah dimulai dan tidak dapat dipindahkan."))
    _set(session, sitting, command)
    audit.record_act(session, actor, "sitting:move", sitting.subject, before, command.model_dump(mode="json"))
    _place(session, actor, sitting, seated)
    return sitting


def cancel_sitting(session: Session, actor: Actor, sitting_id: UUID, command: Reason) -> Sitting:
    """Call the sitting off; its candidates wait for another. Raises NotFound, Conflict."""
    sitting = load_planned_sitting(session, sitting_id)
    seated = load_seated_cases(session, sitting)
    if any(case.state not in (State.ASSESSMENT_SCHEDULED, State.READY) for case in seated):
        raise Conflict("sitting-begun", N_("Asesmen sudah berlangsung pada sesi ini; sesi tidak dapat dibatalkan."))
    sitting.state = SittingState.CANCELLED
    audit.record_act(session, actor, "sitting:cancel", sitting.subject, None, {"reason": command.reason})
    for case in seated:
        _postpone(session, actor, case, command.reason)
    return sitting


def seat_cases(session: Session, actor: Actor, sitting_id: UUID, command: Seat) -> Sitting:
    """Put cases into the sitting and announce place, day and assessor to each candidate.

    All or none. Raises NotFound, and Conflict with what stands in the way of each case in its details.
    """
    sitting = load_planned_sitting(session, sitting_id)
    cases = [_known(session, actor, index, each) for index, each in enumerate(dict.fromkeys(command.case_ids))]
    coming = [case for case in cases if case.sitting_id != sitting.id]
    check_slot(sitting.slot, sitting.day, clock.today())
    _place(session, actor, sitting, coming)
    return sitting


def postpone_case(session: Session, actor: Actor, case_id: UUID, command: Reason) -> Case:
    """The day does not hold for this candidate: he or she waits for another sitting. Raises NotFound, Conflict."""
    is_planner = actor.has(*PLANNERS)
    load = load_case_to_run if is_planner else load_case_of_assessor
    case = load(session, actor, case_id)
    check_may_postpone(case.state, is_planner)
    _postpone(session, actor, case, command.reason)
    return case


def check_assessor_and_centre(session: Session, case: Case, sitting: Sitting, day: date) -> None:
    """Refuse a case at this sitting unless the TUK is verified for its scheme on the sitting's day (R6), and nothing
    keeps its assessor from it: the MET registration valid on `day` and for the scheme (R5), no other part in the case.

    Asked when the seat is given, and again at each act of the assessor: registers and records grow meanwhile. Raises
    Conflict with what stands in the way.
    """
    check_centre_for_scheme(sitting.centre.verification, case.file.scheme_id, sitting.day)
    if case.assessor is not None:
        refuse_obstacles(list_obstacles_of(session, case.assessor, case, day))


def _set(session: Session, sitting: Sitting, command: PlanSitting) -> None:
    centre = session.get(Centre, command.centre_id)
    if centre is None:
        raise Invalid(
            "centre-unknown", N_("TUK ini tidak terdaftar."), fields={"centre_id": N_("Pilih dari daftar TUK.")}
        )
    slot = Slot(command.starts_at, command.ends_at)
    day = command.starts_at.astimezone(clock.JAKARTA).date()
    check_slot(slot, day, clock.today())
    check_centre_verified(centre.verification, day)
    sitting.centre, sitting.centre_id = centre, centre.id
    sitting.starts_at, sitting.ends_at, sitting.note = command.starts_at, command.ends_at, command.note


def _known(session: Session, actor: Actor, index: int, case_id: UUID) -> Case:
    try:
        return load_case_to_run(session, actor, case_id)
    except NotFound as refusal:
        raise Invalid(refusal.code, refusal.message, fields={f"case_ids.{index}": refusal.message}) from None


def _place(session: Session, actor: Actor, sitting: Sitting, coming: list[Case]) -> None:
    """Check everybody before anybody is seated; rows of the TUK and the assessors are locked meanwhile."""
    lock_centre_and_assessors(session, sitting, coming)
    refusals: dict[int, Refusal] = {}
    for index, case in enumerate(coming):
        try:
            check_assessment_act(case.state, Act.SCHEDULE_ASSESSMENT)
            check_assessor_and_centre(session, case, sitting, sitting.day)
            _check_free(session, case, sitting)
        except Refusal as refusal:
            refusals[index] = refusal
    if refusals:
        raise _together(coming, refusals)
    check_capacity(sitting.centre.verification, _others_there(session, sitting, coming), len(coming))
    for case in coming:
        case.sitting, case.sitting_id = sitting, sitting.id
        case.record = None
        advance_assessment_case(
            session, actor, case, Act.SCHEDULE_ASSESSMENT, sitting=str(sitting.id), at=sitting.starts_at.isoformat()
        )
        announce(session, case, _scheduled(case, sitting))


def _check_free(session: Session, case: Case, sitting: Sitting) -> None:
    booked = session.execute(
        select(Case.assessor_id, Case.applicant_id, Sitting.starts_at, Sitting.ends_at)
        .join(Sitting, Case.sitting_id == Sitting.id)
        .where(
            Case.state.in_(BOOKED),
            Case.id != case.id,
            Sitting.id != sitting.id,
            Sitting.starts_at < sitting.ends_at,
            Sitting.ends_at > sitting.starts_at,
            (Case.assessor_id == case.assessor_id) | (Case.applicant_id == case.applicant_id),
        )
    ).all()
    theirs = [Slot(row.starts_at, row.ends_at) for row in booked if row.assessor_id == case.assessor_id]
    check_slot_free(
        sitting.slot,
        theirs,
        "assessor-busy",
        N_("Asesor sudah bertugas pada sesi lain pada waktu yang sama. Pilih waktu atau asesor lain."),
    )
    own = [Slot(row.starts_at, row.ends_at) for row in booked if row.applicant_id == case.applicant_id]
    check_slot_free(
        sitting.slot,
        own,
        "candidate-busy",
        N_("Asesi sudah terjadwal pada sesi lain pada waktu yang sama. Pilih waktu lain."),
    )


def _others_there(session: Session, sitting: Sitting, coming: list[Case]) -> int:
    """How many candidates sit at the sitting's TUK at an overlapping time, not counting those who come now."""
    ids = [case.id for case in coming]
    seats = (
        select(Case.id)
        .join(Sitting, Case.sitting_id == Sitting.id)
        .where(
            Sitting.centre_id == sitting.centre_id,
            Sitting.state == SittingState.PLANNED,
            Sitting.starts_at < sitting.ends_at,
            Sitting.ends_at > sitting.starts_at,
            Case.state.in_(SEATED),
            Case.id.not_in(ids),
        )
    )
    return len(session.scalars(seats).all())


def _together(coming: list[Case], refusals: dict[int, Refusal]) -> Refusal:
    """The refusal to raise: the case's own where one case was asked for, else one that names every refused case."""
    first = next(iter(refusals.values()))
    if len(coming) == 1:
        return first
    return Conflict(
        "sitting-cases",
        N_("{count} kasus tidak dapat dijadwalkan pada sesi ini; tidak ada yang dijadwalkan."),
        fields={f"case_ids.{coming[index].id}": refusal.message for index, refusal in refusals.items()},
        details={"cases": {str(coming[index].id): refusal.code for index, refusal in refusals.items()}},
        count=len(refusals),
    )


def _scheduled(case: Case, sitting: Sitting) -> AssessmentScheduled:
    assert case.assessor_id is not None  # noqa: S101 - an agreed case has one
    return AssessmentScheduled(
        **describe_case_fields(case),
        assessor_id=case.assessor_id,
        assessor_name=case.assessor_name,
        place=sitting.centre.name,
        address=sitting.centre.address,
        at=sitting.starts_at,
        bring=list(BRING),
    )


def _postpone(session: Session, actor: Actor, case: Case, reason: str) -> None:
    advance_assessment_case(session, actor, case, Act.POSTPONE, sitting=str(case.sitting_id), reason=reason)
    unseat_case(session, case)
    announce(session, case, AssessmentPostponed(**describe_case_fields(case), reason=reason))
