"""What the access log of surveillance calls the records that were looked at."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.surveillance.models import Holding, Surveillance
from shared.access_log import pick_ids


def describe_looked_at(session: Session, subjects: Sequence[str]) -> Mapping[str, str]:
    """The number of the certificate that each report, or each look at a holding, among these subjects is of."""
    held = session.scalars(select(Holding).where(Holding.id.in_(pick_ids(subjects, "certificate"))))
    reports = session.scalars(
        select(Surveillance).where(Surveillance.id.in_(pick_ids(subjects, Surveillance.subject_kind)))
    )
    numbers = {f"certificate/{row.id}": row.number for row in held}
    return numbers | {row.subject: row.holding.number for row in reports}
