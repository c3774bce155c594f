"""What the access log of the certificates calls the records that were looked at."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.certificate.models import Certificate
from shared.access_log import pick_ids


def describe_looked_at(session: Session, subjects: Sequence[str]) -> Mapping[str, str]:
    """The number of each certificate among these subjects."""
    ids = pick_ids(subjects, Certificate.subject_kind)
    rows = session.scalars(select(Certificate).where(Certificate.id.in_(ids)))
    return {row.subject: row.number for row in rows}
