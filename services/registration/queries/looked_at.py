"""What the access log of registration calls the records that were looked at."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.registration.models import Application
from shared.access_log import pick_ids
from shared.schemes import shipped_schemes


def describe_looked_at(session: Session, subjects: Sequence[str]) -> Mapping[str, str]:
    """The scheme of each application among these subjects."""
    ids = pick_ids(subjects, Application.subject_kind)
    rows = session.scalars(select(Application).where(Application.id.in_(ids)))
    return {row.subject: shipped_schemes().get(row.scheme_id, row.scheme_version).title.id for row in rows}
