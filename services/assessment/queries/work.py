"""What waits for whom: the work lists of this stage."""

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from services.assessment.access import ASSESSORS, PLANNERS
from services.assessment.domain.workflow import FINAL, State
from services.assessment.models import Case, Sitting, SittingReport
from services.assessment.queries import sittings
from services.assessment.queries.lines import describe_case_line
from services.assessment.queries.views import CaseLine, SittingLine, WorkView
from shared.security.actor import Actor

MOST = 100


def view_assessment_work(session: Session, actor: Actor) -> WorkView:
    """What waits for the actor: a list for each role he or she holds, the other lists empty."""
    runs = actor.has(*PLANNERS)
    assesses = actor.has(*ASSESSORS)
    return WorkView(
        to_assign=_waiting(session, State.AWAITING_ASSESSOR) if runs else [],
        to_schedule=list_cases_to_schedule(session) if runs else [],
        stuck=_waiting(session, State.REFUSED) if runs else [],
        to_assess=list_cases_to_assess(session, actor) if assesses else [],
        reports_due=list_reports_due(session, actor) if assesses else [],
        own=list_own_cases(session, actor),
        sittings_today=sittings.list_sittings_today(session) if runs else [],
    )


def list_cases_to_assess(session: Session, actor: Actor) -> list[CaseLine]:
    """The actor's open cases as assessor; before clearance no more than a name and a scheme is shown (R4)."""
    statement = select(Case).where(Case.assessor_id == actor.id, Case.state.not_in(FINAL))
    return [_guarded(describe_case_line(case), case) for case in _oldest(session, statement)]


def list_own_cases(session: Session, actor: Actor) -> list[CaseLine]:
    """The cases about the actor."""
    return [describe_case_line(case) for case in _oldest(session, select(Case).where(Case.applicant_id == actor.id))]


def list_reports_due(session: Session, actor: Actor) -> list[SittingLine]:
    """Sittings the actor has assessed in and not reported of (FR.AK.05)."""
    assessed = select(Case.sitting_id).where(
        Case.assessor_id == actor.id, Case.state.in_((State.ASSESSED, State.RECOMMENDED))
    )
    reported = select(SittingReport.sitting_id).where(SittingReport.assessor_id == actor.id)
    statement = (
        select(Sitting)
        .where(Sitting.id.in_(assessed), Sitting.id.not_in(reported))
        .order_by(Sitting.starts_at)
        .limit(MOST)
    )
    return sittings.describe_sittings(session, session.scalars(statement).all())


def list_cases_to_schedule(session: Session) -> list[CaseLine]:
    """Agreed plans that wait for a sitting."""
    return _waiting(session, State.AGREED)


def _waiting(session: Session, state: State) -> list[CaseLine]:
    return [describe_case_line(case) for case in _oldest(session, select(Case).where(Case.state == state))]


def _oldest(session: Session, statement: Select[Case]) -> list[Case]:
    return list(session.scalars(statement.order_by(Case.since, Case.id).limit(MOST)))


def _guarded(line: CaseLine, case: Case) -> CaseLine:
    """The line without its attempt before impartiality is declared: even that is part of the file (R4, R10)."""
    return line.model_copy(update={"attempt": 0}) if case.state is State.ASSIGNED else line
