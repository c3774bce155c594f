"""What the access log of the decisions calls the records that were looked at."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.decision.models import Appeal, DecisionCase
from shared.access_log import pick_ids


def describe_looked_at(session: Session, subjects: Sequence[str]) -> Mapping[str, str]:
    """The scheme of each case, and of the case of each appeal, among these subjects."""
    cases = session.scalars(
        select(DecisionCase).where(DecisionCase.id.in_(pick_ids(subjects, DecisionCase.subject_kind)))
    )
    appeals = session.execute(
        select(Appeal, DecisionCase.scheme_title)
        .join(DecisionCase, DecisionCase.id == Appeal.case_id)
        .where(Appeal.id.in_(pick_ids(subjects, Appeal.subject_kind)))
    )
    return {case.subject: case.scheme_title for case in cases} | {appeal.subject: title for appeal, title in appeals}
