"""Who did what, when, to which record, and what it was before and after (R26; ISO/IEC 17024 7.1).

Append-only: on PostgreSQL the service's role may only insert and select here.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Integer, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from shared import clock
from shared.database.base import Json, SharedBase
from shared.messaging.context import correlation_id
from shared.security.actor import Actor
from shared.security.roles import write_roles


class AuditRow(SharedBase):
    """One act in the log of a service; rows are only ever added."""

    __tablename__ = "audit_log"

    position: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer(), "sqlite"), primary_key=True, autoincrement=True
    )
    at: Mapped[datetime] = mapped_column(index=True)
    actor_id: Mapped[UUID] = mapped_column(index=True)
    actor_name: Mapped[str] = mapped_column(String(200))
    actor_roles: Mapped[str] = mapped_column(String(300))
    action: Mapped[str] = mapped_column(String(80), index=True)
    subject: Mapped[str] = mapped_column(String(120), index=True)
    # Free JSON, unlike every other such column: each act notes fields of its own, and nothing reads them but people.
    before: Mapped[dict[str, Any] | None] = mapped_column(Json)
    after: Mapped[dict[str, Any] | None] = mapped_column(Json)
    correlation_id: Mapped[str] = mapped_column(String(120))


def record_act(
    session: Session,
    actor: Actor,
    action: str,
    subject: str,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Note an act in the transaction that does it (R26).

    `action` reads `application:file`, `subject` `application/<id>`; `before` and `after` are the fields that the act
    changed, as JSON, and hold no secrets and no NIK.
    """
    session.add(
        AuditRow(
            at=clock.now(),
            actor_id=actor.id,
            actor_name=actor.name,
            actor_roles=write_roles(actor.roles),
            action=action,
            subject=subject,
            before=before,
            after=after,
            correlation_id=correlation_id(),
        )
    )
