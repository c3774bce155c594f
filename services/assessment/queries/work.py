"""What waits for whom: the work lists of this stage."""

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from services.assessment.domain.duties import ASSIGNS
from services.assessment.domain.states import FINAL, State
from services.assessment.models import Case, Sitting, SittingReport
from services.assessment.queries import sittings
from services.assessment.queries.lines import case_line
from services.assessment.queries.views import CaseLine, SittingLine, WorkView
from shared.security.actor import Actor
from shared.security.roles import Role

MOST = 100


def work(session: Session, actor: Actor) -> WorkView:
    """The lists of every role the actor holds."""
    runs = actor.has(*ASSIGNS)
    assesses = actor.has(Role.ASSESSOR)
    return WorkView(
        to_assign=_waiting(session, State.AWAITING_ASSESSOR) if runs else [],
        to_schedule=to_schedule(session) if runs else [],
        stuck=_waiting(session, State.REFUSED) if runs else [],
        to_assess=to_assess(session, actor) if assesses else [],
        reports_due=reports_due(session, actor) if assesses else [],
        own=own(session, actor),
        sittings_today=sittings.today(session) if runs else [],
    )


def to_assess(session: Session, actor: Actor) -> list[CaseLine]:
    """The actor's open cases as assessor; before clearance no more than a name and a scheme is shown (R4)."""
    statement = select(Case).where(Case.assessor_id == actor.id, Case.state.not_in(FINAL))
    return [_guarded(case_line(case), case) for case in _oldest(session, statement)]


def own(session: Session, actor: Actor) -> list[CaseLine]:
    """The cases about the actor."""
    return [case_line(case) for case in _oldest(session, select(Case).where(Case.applicant_id == actor.id))]


def reports_due(session: Session, actor: Actor) -> list[SittingLine]:
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
    return sittings.lines(session, session.scalars(statement).all())


def to_schedule(session: Session) -> list[CaseLine]:
    """Agreed plans that wait for a sitting."""
    return _waiting(session, State.AGREED)


def _waiting(session: Session, state: State) -> list[CaseLine]:
    return [case_line(case) for case in _oldest(session, select(Case).where(Case.state == state))]


def _oldest(session: Session, statement: Select[Case]) -> list[Case]:
    return list(session.scalars(statement.order_by(Case.since, Case.id).limit(MOST)))


def _guarded(line: CaseLine, case: Case) -> CaseLine:
    """Whether it is a re-assessment is part of the file, too (R4, R10)."""
    return line.model_copy(update={"attempt": 0}) if case.state is State.ASSIGNED else line
