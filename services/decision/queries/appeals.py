"""Appeals, as the panel, the officers and the appellant see them (R9, R10)."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.decision.access import APPEAL_OVERSEERS
from services.decision.commands import loading
from services.decision.domain.appeals import Step
from services.decision.domain.workflow import AppealState
from services.decision.models import Appeal, AppealStep, AppealUnit, Decision, DecisionCase, Recommendation
from services.decision.queries.own_views import OwnAppeal
from services.decision.queries.panels import find_panel_seat, keep_seated, list_panel
from services.decision.queries.titles import describe_titled_units, find_unit_titles
from services.decision.queries.views import (
    AppealSummary,
    AppealView,
    DecisionView,
    PanelMemberView,
    Precedent,
    RecommendationView,
    StepView,
)
from shared.pagination import Page, PageQuery, paginate
from shared.security.actor import Actor


def list_appeals(session: Session, query: PageQuery) -> Page[AppealSummary]:
    """A page of the appeals in the state asked for, the one that waits longest first."""
    statement = select(Appeal)
    if query.status:
        statement = statement.where(Appeal.state == query.status)
    return paginate(
        session,
        statement,
        query,
        lambda row: describe_appeal_line(session, row),
        sorts={"received": Appeal.received_at},
    )


def describe_appeal_line(session: Session, row: Appeal) -> AppealSummary:
    """The appeal as one line of a list."""
    case = session.get_one(DecisionCase, row.case_id)
    return AppealSummary(
        id=row.id,
        case_id=row.case_id,
        applicant_name=case.applicant_name,
        scheme_title=case.scheme_title,
        attempt=row.attempt,
        state=AppealState(row.state),
        received_at=row.received_at,
        ended_at=row.ended_at,
    )


def find_visible_appeal(session: Session, actor: Actor, appeal_id: UUID) -> Appeal:
    """The appeal, for officers, auditors and its panel.

    To everybody else it is not found (R10). Raises NotFound `appeal-unknown`.
    """
    row = loading.load_appeal(session, appeal_id)
    if not actor.has(*APPEAL_OVERSEERS):
        find_panel_seat(session, row, actor)
    return row


def view_appeal(session: Session, actor: Actor, appeal_id: UUID) -> AppealView:
    """One appeal with its file, its votes and earlier similar outcomes. Raises NotFound."""
    row = find_visible_appeal(session, actor, appeal_id)
    decided = session.get_one(Decision, row.decision_id)
    recommended = session.scalars(
        select(Recommendation).where(Recommendation.case_id == row.case_id, Recommendation.attempt == row.attempt)
    ).one()
    codes = list_appealed_units(session, row)
    case = session.get_one(DecisionCase, row.case_id)
    return AppealView(
        **describe_appeal_line(session, row).model_dump(),
        units=describe_titled_units(codes, find_unit_titles(case.scheme_id, case.scheme_version), decided.units),
        reasons=row.reasons,
        decision=DecisionView.model_validate(decided, from_attributes=True),
        recommendation=RecommendationView.model_validate(recommended, from_attributes=True),
        panel=[PanelMemberView.model_validate(one, from_attributes=True) for one in list_panel(session, row)],
        steps=list_appeal_steps(session, row),
        outcome_reasons=row.outcome_reasons,
        decided_by_name=row.decided_by_name,
        precedents=list_precedents(session, row, codes),
    )


def describe_own_appeal(session: Session, row: Appeal) -> OwnAppeal:
    """What the appellant is told: no vote, but who hears it, every step and the outcome."""
    return OwnAppeal(
        id=row.id,
        units=list_appealed_units(session, row),
        reasons=row.reasons,
        state=AppealState(row.state),
        received_at=row.received_at,
        panel=[member.name for member in keep_seated(list_panel(session, row))],
        steps=list_appeal_steps(session, row),
        outcome_reasons=row.outcome_reasons,
        ended_at=row.ended_at,
    )


def list_appealed_units(session: Session, row: Appeal) -> list[str]:
    """The units the appeal is about, in code order."""
    statement = select(AppealUnit.unit).where(AppealUnit.appeal_id == row.id).order_by(AppealUnit.unit)
    return list(session.scalars(statement))


def list_appeal_steps(session: Session, row: Appeal) -> list[StepView]:
    """What the appellant was told, in order, each with its time (R9)."""
    statement = select(AppealStep).where(AppealStep.appeal_id == row.id).order_by(AppealStep.position)
    return [StepView(step=Step(one.step), at=one.at) for one in session.scalars(statement)]


def list_precedents(session: Session, row: Appeal, codes: list[str], limit: int = 20) -> list[Precedent]:
    """How earlier appeals on the same units ended, latest first, so that like is treated alike (R10)."""
    statement = (
        select(AppealUnit.unit, DecisionCase.scheme_title, Appeal)
        .join(Appeal, Appeal.id == AppealUnit.appeal_id)
        .join(DecisionCase, DecisionCase.id == Appeal.case_id)
        .where(AppealUnit.unit.in_(codes), Appeal.id != row.id, Appeal.ended_at.is_not(None))
        .order_by(Appeal.ended_at.desc())
        .limit(limit)
    )
    return [
        Precedent(
            unit=unit,
            scheme_title=title,
            upheld=earlier.state == AppealState.UPHELD,
            reasons=earlier.outcome_reasons,
            ended_at=earlier.ended_at or earlier.received_at,
        )
        for unit, title, earlier in session.execute(statement)
    ]
