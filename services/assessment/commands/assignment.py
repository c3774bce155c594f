"""Choosing the assessor, and the assessor's declaration of impartiality (R3, R4, R5, R10, R25)."""

from uuid import UUID

from sqlalchemy.orm import Session

from services.assessment.commands.inputs import Day, Input, Note, Reason
from services.assessment.commands.loading import (
    list_obstacles_of,
    load_case_of_assessor,
    load_case_to_run,
)
from services.assessment.commands.moving import advance_assessment_case, describe_case_fields, tell_part
from services.assessment.domain.impartiality import (
    Declaration,
    Tie,
    check_declaration_date,
    refuse_obstacles,
)
from services.assessment.domain.workflow import Act, check_assessment_act
from services.assessment.models import Assessor, Assignment, Case, StoredDeclaration
from shared import clock
from shared.contracts.assessment import AssessorAssigned, AssessorBlocked, AssessorCleared, AssessorReleased
from shared.contracts.words import Involvement
from shared.errors import N_, Invalid
from shared.messaging.outbox import announce
from shared.security.actor import Actor


class Assign(Input):
    """`planned_on` is the day the assessment is meant for, today where nothing is said: MET must hold then (R5)."""

    assessor_id: UUID
    planned_on: Day | None = None


class Declare(Input):
    """`trained_on`: the last day of a training the assessor gave the candidate, if ever (R3)."""

    family: bool
    superior_or_subordinate: bool
    same_work_unit: bool
    trainer: bool
    trained_on: Day | None = None
    note: Note = ""


def assign_assessor(session: Session, actor: Actor, case_id: UUID, command: Assign) -> Case:
    """Give the case to an assessor, who sees a name and a scheme until impartiality is declared (R4).

    Raises NotFound, Conflict (state, or what stands between this assessor and this case), Invalid.
    """
    case = load_case_to_run(session, actor, case_id)
    check_assessment_act(case.state, Act.ASSIGN)
    assessor = session.get(Assessor, command.assessor_id)
    if assessor is None:
        raise Invalid(
            "assessor-unknown",
            N_("Asesor ini tidak terdaftar."),
            fields={"assessor_id": N_("Pilih dari daftar asesor.")},
        )
    day = max(command.planned_on or clock.today(), clock.today())
    refuse_obstacles(list_obstacles_of(session, assessor, case, day))
    advance_assessment_case(session, actor, case, Act.ASSIGN, assessor=str(assessor.id), planned_on=day.isoformat())
    case.assessor, case.assessor_id = assessor, assessor.id
    case.assignments.append(
        Assignment(
            assessor_id=assessor.id,
            assessor_name=assessor.name,
            assigned_by=actor.id,
            assigned_at=clock.now(),
        )
    )
    announce(
        session,
        case,
        AssessorAssigned(**describe_case_fields(case), assessor_id=assessor.id, assessor_name=assessor.name),
    )
    tell_part(session, case, assessor.id, Involvement.ASSIGNED)
    return case


def release_assessor(session: Session, actor: Actor, case_id: UUID, command: Reason) -> Case:
    """Take the assessor off the case, so that another can be assigned. Raises NotFound, Conflict."""
    case = load_case_to_run(session, actor, case_id)
    advance_assessment_case(session, actor, case, Act.RELEASE, assessor=str(case.assessor_id), reason=command.reason)
    end_assignment(session, case, "released", command.reason)
    return case


def declare_impartiality(session: Session, actor: Actor, case_id: UUID, command: Declare) -> Case:
    """Declare impartiality, or a conflict, which blocks the assignment at any time before the day (R4).

    Raises NotFound, Conflict, Invalid.
    """
    case = load_case_of_assessor(session, actor, case_id)
    declaration = Declaration(
        command.family, command.superior_or_subordinate, command.same_work_unit, command.trainer, command.trained_on
    )
    check_declaration_date(declaration, clock.today())
    ties = sorted(declaration.ties(clock.today()))
    advance_assessment_case(session, actor, case, Act.BLOCK if ties else Act.CLEAR, ties=[tie.value for tie in ties])
    session.add(
        StoredDeclaration(
            case_id=case.id,
            assessor_id=actor.id,
            applicant_id=case.applicant_id,
            declared_at=clock.now(),
            **command.model_dump(),
        )
    )
    if command.trainer or command.trained_on is not None:
        tell_part(session, case, actor.id, Involvement.TRAINED)
    if set(ties) - {Tie.TRAINER}:  # a training stands in the way for two years alone (R3), these for ever
        tell_part(session, case, actor.id, Involvement.TIED)
    if ties:
        end_assignment(session, case, "blocked", "")
        return case
    assignment = case.assignment
    if assignment is not None:
        assignment.cleared_at = clock.now()
    announce(
        session, case, AssessorCleared(**describe_case_fields(case), assessor_id=actor.id, declared_at=clock.now())
    )
    return case


def end_assignment(session: Session, case: Case, ending: str, reason: str) -> None:
    """Take the assessor off the case, because of `ending` (`blocked` or `released`), and tell it.

    Plan, seat and readiness go too: they were agreed with this assessor. The case must have one.
    """
    assert case.assessor_id is not None  # noqa: S101 - the states with this way out all have one
    left = case.assessor_id
    assignment = case.assignment
    if assignment is not None:
        assignment.ended_at, assignment.ending, assignment.reason = clock.now(), ending, reason
    if case.consultation is not None:
        case.consultation.closed_at = clock.now()
    case.assessor = case.assessor_id = None
    unseat_case(session, case)
    kind = AssessorBlocked if ending == "blocked" else AssessorReleased
    announce(session, case, kind(**describe_case_fields(case), assessor_id=left))


def unseat_case(session: Session, case: Case) -> None:
    """Free the case's seat and forget what was confirmed or noted on that day; the audit log keeps it."""
    case.sitting = case.sitting_id = None
    case.record = None
