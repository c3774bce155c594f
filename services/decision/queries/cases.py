"""The cases, as officers, assessors and the candidates themselves may see them."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.decision.commands import loading
from services.decision.domain.appeals import find_used_up_units
from services.decision.domain.judging import find_bk_units
from services.decision.domain.workflow import CaseState
from services.decision.models import Appeal, Decision, DecisionCase, OpinionRow, Recommendation, Recusal
from services.decision.queries import appeals
from services.decision.queries.chain import count_reassessments
from services.decision.queries.own_views import OwnCase, OwnDecision
from services.decision.queries.sittings import list_recommendations
from services.decision.queries.titles import describe_titled_units, find_unit_titles
from services.decision.queries.tries import describe_tries
from services.decision.queries.views import (
    CaseSummary,
    CaseView,
    DecisionView,
    OpinionView,
    RecommendationOutcome,
    RecommendationView,
    RecusalView,
    UnitView,
)
from services.decision.queries.withheld import list_withheld
from shared import clock
from shared.contracts.words import Judgement
from shared.errors import NotFound
from shared.pagination import Page, PageQuery, contains_text, paginate
from shared.security.actor import Actor

SORTS = {"since": DecisionCase.state_since, "name": DecisionCase.applicant_name, "scheme": DecisionCase.scheme_title}


def list_decision_cases(session: Session, query: PageQuery) -> Page[CaseSummary]:
    """A page of the cases in the state and with the words asked for, the longest in their state first."""
    statement = select(DecisionCase)
    if query.status:
        statement = statement.where(DecisionCase.state == query.status)
    if query.q:
        statement = statement.where(contains_text(query.q, DecisionCase.applicant_name, DecisionCase.scheme_title))
    return paginate(session, statement, query, describe_decision_case_line, sorts=SORTS)


def describe_decision_case_line(row: DecisionCase) -> CaseSummary:
    """The case as one line of a list."""
    return CaseSummary.model_validate(row, from_attributes=True)


def view_decision_case(session: Session, actor: Actor, case_id: UUID) -> CaseView:
    """One case with everything on it, but what is withheld from the actor (R1). Raises NotFound `case-unknown`."""
    row = loading.load_case(session, case_id)
    withheld = row.id in list_withheld(session, actor, [row])
    recommended = list_recommendations(session, [row.id])[row.id]
    pending = next((one for one in recommended if one.attempt == row.attempt), None)
    decisions = list_decisions(session, row.id)
    opinions = session.scalars(select(OpinionRow).where(OpinionRow.case_id == row.id))
    told = {one.meeting_id for one in decisions}
    return CaseView(
        **describe_decision_case_line(row).model_dump(),
        applicant_id=row.applicant_id,
        scheme_version=row.scheme_version,
        renews=row.renews,
        closed_reason=row.closed_reason,
        units=describe_case_units(row, pending, withheld=withheld),
        recommendations=[describe_recommendation(one) for one in recommended if not withheld or one is not pending],
        decisions=[describe_decision(one) for one in decisions],
        recusals=[describe_recusal(one) for one in session.scalars(select(Recusal).where(Recusal.case_id == row.id))],
        opinions=[describe_opinion(one) for one in opinions if not withheld or one.meeting_id in told],
        withheld=withheld,
    )


def list_decisions(session: Session, case_id: UUID) -> list[Decision]:
    """The decisions on a case, the latest first."""
    statement = select(Decision).where(Decision.case_id == case_id).order_by(Decision.attempt.desc())
    return list(session.scalars(statement))


def list_own_decision_cases(session: Session, actor: Actor) -> list[OwnCase]:
    """The actor's own cases, latest first."""
    statement = (
        select(DecisionCase).where(DecisionCase.applicant_id == actor.id).order_by(DecisionCase.created_at.desc())
    )
    return [_own(session, row) for row in session.scalars(statement)]


def view_own_decision_case(session: Session, actor: Actor, case_id: UUID) -> OwnCase:
    """One of the actor's own cases; anybody else's is not found."""
    row = loading.load_case(session, case_id)
    if row.applicant_id != actor.id:
        raise NotFound("case-unknown", loading.NO_CASE)
    return _own(session, row)


def list_recommendation_outcomes(session: Session, actor: Actor) -> list[RecommendationOutcome]:
    """What became of the actor's own recommendations (R2, R10)."""
    statement = (
        select(Recommendation, DecisionCase, Decision)
        .join(DecisionCase, DecisionCase.id == Recommendation.case_id)
        .outerjoin(
            Decision, (Decision.case_id == Recommendation.case_id) & (Decision.attempt == Recommendation.attempt)
        )
        .where(Recommendation.assessor_id == actor.id)
        .order_by(Recommendation.received_at.desc())
        .limit(200)
    )
    return [
        RecommendationOutcome(
            application_id=case.id,
            applicant_name=case.applicant_name,
            scheme_title=case.scheme_title,
            attempt=row.attempt,
            assessed_on=row.assessed_on,
            recommended=row.units,
            decided=found.attempt_units if found else None,
            decided_at=found.decided_at if found else None,
        )
        for row, case, found in session.execute(statement)
    ]


def describe_case_units(row: DecisionCase, pending: Recommendation | None, *, withheld: bool) -> list[UnitView]:
    """Every unit of the application, in the scheme's order, with what stands and, unless withheld, what is
    recommended now."""
    recommended = pending.units if pending else {}
    standing = row.standing
    titles = find_unit_titles(row.scheme_id, row.scheme_version)
    known = [*recommended, *[code for code in standing if code not in recommended]]
    order = {code: place for place, code in enumerate(titles)}
    return [
        UnitView(
            unit=code,
            title=titles.get(code, code),
            recommended=None if withheld else recommended.get(code),
            standing=standing.get(code),
        )
        for code in sorted(known, key=lambda code: (order.get(code, len(order)), code))
    ]


def describe_recommendation(row: Recommendation) -> RecommendationView:
    """A recommendation as it is shown."""
    return RecommendationView.model_validate(row, from_attributes=True)


def describe_decision(row: Decision) -> DecisionView:
    """A decision as it is shown, without its file."""
    return DecisionView.model_validate(row, from_attributes=True)


def describe_recusal(row: Recusal) -> RecusalView:
    """A recusal as it is shown."""
    return RecusalView.model_validate(row, from_attributes=True)


def describe_opinion(row: OpinionRow) -> OpinionView:
    """A member's opinion as it is shown."""
    return OpinionView.model_validate(row, from_attributes=True)


def _own(session: Session, row: DecisionCase) -> OwnCase:
    found = list_decisions(session, row.id)
    titles = find_unit_titles(row.scheme_id, row.scheme_version)
    appealed = {one.decision_id: one for one in session.scalars(select(Appeal).where(Appeal.case_id == row.id))}
    standing = row.standing
    can_choose = row.state == CaseState.DECIDED_BK
    had = count_reassessments(session, row) if can_choose else {}
    bk = find_bk_units(standing) if can_choose else []
    spent = find_used_up_units(bk, had)
    left = [code for code in bk if code not in spent]
    can_appeal = row.appeal_until is not None and clock.now() <= row.appeal_until
    can_ask = row.reassess_until is not None and clock.now() <= row.reassess_until
    return OwnCase(
        id=row.id,
        scheme_title=row.scheme_title,
        attempt=row.attempt,
        state=CaseState(row.state),
        state_since=row.state_since,
        appealable=describe_titled_units(left if can_appeal else [], titles, standing),
        used_up=spent,
        appeal_until=row.appeal_until,
        tries=describe_tries(session, row, left, had) if can_ask or can_appeal else [],
        reassess_until=row.reassess_until if can_ask else None,
        closed_reason=row.closed_reason if row.state == CaseState.CLOSED else "",
        decisions=[
            OwnDecision(
                id=one.id,
                attempt=one.attempt,
                judgement=Judgement(one.judgement),
                units=describe_titled_units(sorted(one.units), titles, one.units),
                reason=one.reason,
                decree_number=one.decree_number,
                decided_by_name=one.decided_by_name,
                decided_at=one.decided_at,
                appeal_until=one.appeal_until,
                file_hash=one.file_hash,
                appeal=appeals.describe_own_appeal(session, appealed[one.id]) if one.id in appealed else None,
            )
            for one in found
        ],
    )
