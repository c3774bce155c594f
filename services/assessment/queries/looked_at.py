"""What the access log of assessment calls the records that were looked at."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.assessment.models import Case
from shared.access_log import pick_ids


def describe_looked_at(session: Session, subjects: Sequence[str]) -> Mapping[str, str]:
    """The scheme of each case among these subjects."""
    rows = session.scalars(select(Case).where(Case.id.in_(pick_ids(subjects, Case.subject_kind))))
    return {row.subject: row.file.scheme_title for row in rows}
