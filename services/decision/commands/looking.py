"""Opening cases, appeals, decisions and minutes: whoever looks at somebody else's is noted (UU 27/2022)."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.decision.commands import loading
from services.decision.models import AgendaItem, Decision, DecisionCase
from services.decision.queries import appeals, cases
from services.decision.queries.declarations import require_open_dossier
from services.decision.queries.dossier import view_dossier
from services.decision.queries.dossier_views import DossierView
from services.decision.queries.views import AppealView, CaseView
from shared.access_log import Look, note_looks
from shared.errors import NotFound
from shared.security.actor import Actor


def open_decision_case(session: Session, actor: Actor, case_id: UUID) -> CaseView:
    """One case, as far as the actor may see it; who looked is noted. Raises NotFound."""
    found = cases.view_decision_case(session, actor, case_id)
    note_case_look(session, actor, case_id)
    return found


def open_dossier(session: Session, actor: Actor, case_id: UUID, attempt: int | None = None) -> DossierView:
    """The whole file of a case, for who decides on it and has declared to be impartial; who looked is noted (R1, R12).

    Raises what `require_open_dossier` and `view_dossier` raise.
    """
    case = loading.load_case(session, case_id)
    require_open_dossier(session, actor, case)
    found = view_dossier(session, case, attempt)
    note_looks(session, actor, [case.applicant_id], Look.DOSSIER, case.subject)
    return found


def open_appeal(session: Session, actor: Actor, appeal_id: UUID) -> AppealView:
    """One appeal, as far as the actor may see it; who looked is noted. Raises NotFound."""
    found = appeals.view_appeal(session, actor, appeal_id)
    row = loading.load_appeal(session, appeal_id)
    note_looks(session, actor, [row.applicant_id], Look.CASE, row.subject)
    return found


def open_frozen_decision(session: Session, actor: Actor, decision_id: UUID) -> Decision:
    """The decision with its file as it was frozen (R12); who took it is noted. Raises NotFound."""
    found = session.get(Decision, decision_id)
    if found is None:
        raise NotFound("decision-unknown", loading.NO_CASE)
    case = session.get_one(DecisionCase, found.case_id)
    note_looks(session, actor, [case.applicant_id], Look.DECISION, case.subject)
    return found


def note_case_look(session: Session, actor: Actor, case_id: UUID) -> None:
    """Note that the actor is shown a case."""
    case = session.get_one(DecisionCase, case_id)
    note_looks(session, actor, [case.applicant_id], Look.CASE, case.subject)


def note_minutes_look(session: Session, actor: Actor, meeting_id: UUID) -> None:
    """Note that the actor takes the minutes of a meeting: a look at each person whose case was on its agenda."""
    people = (
        select(DecisionCase.applicant_id)
        .join(AgendaItem, AgendaItem.case_id == DecisionCase.id)
        .where(AgendaItem.meeting_id == meeting_id)
    )
    note_looks(session, actor, session.scalars(people), Look.MINUTES, f"meeting/{meeting_id}")
