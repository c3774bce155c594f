"""Reading the audit log (R26): who did what to which record, latest first."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from shared.audit import AuditRow
from shared.days import Day, narrow_to_days
from shared.pagination import Page, PageQuery, contains_text, paginate
from shared.security.roles import Role, read_roles


class AuditQuery(PageQuery):
    """`q` looks in names, actions and subjects; days are those of Jakarta, both included."""

    action: str = Field("", max_length=80, description="Beginning of the action, such as `application:`.")
    subject: str = Field("", max_length=120, description="Exactly this record, such as `application/<id>`.")
    since: Day = Field(None, description="First day.")
    until: Day = Field(None, description="Last day.")


class AuditEntry(BaseModel):
    """One act as the log is read: who, when, what, and what the record was before and after."""

    at: datetime
    actor_id: UUID
    actor_name: str
    actor_roles: list[Role]
    action: str
    subject: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    correlation_id: str


def list_acts(session: Session, query: AuditQuery) -> Page[AuditEntry]:
    """The asked page of the service's own log, latest act first."""
    found = select(AuditRow).order_by(AuditRow.position.desc())
    if query.q:
        found = found.where(contains_text(query.q, AuditRow.actor_name, AuditRow.action, AuditRow.subject))
    if query.action:
        found = found.where(AuditRow.action.startswith(query.action, autoescape=True))
    if query.subject:
        found = found.where(AuditRow.subject == query.subject)
    found = narrow_to_days(found, AuditRow.at, query.since, query.until)
    return paginate(session, found, query, _entry)


def _entry(row: AuditRow) -> AuditEntry:
    return AuditEntry(
        at=row.at,
        actor_id=row.actor_id,
        actor_name=row.actor_name,
        actor_roles=read_roles(row.actor_roles),
        action=row.action,
        subject=row.subject,
        before=row.before,
        after=row.after,
        correlation_id=row.correlation_id,
    )
