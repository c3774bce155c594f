"""The tables of the messaging: what goes out, what came in, what is to be done."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from shared.clock import real_now
from shared.database.base import SharedBase

Position = BigInteger().with_variant(Integer(), "sqlite")


class OutboxRow(SharedBase):
    """An event told in the same transaction as the change it tells of. `envelope` is the JSON as it goes out."""

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("subject", "sequence"),
        Index(
            "ix_outbox_unpublished",
            "position",
            postgresql_where=text("published_at IS NULL"),
            sqlite_where=text("published_at IS NULL"),
        ),
    )

    position: Mapped[int] = mapped_column(Position, primary_key=True, autoincrement=True)
    id: Mapped[UUID] = mapped_column(unique=True)
    type: Mapped[str] = mapped_column(String(120))
    subject: Mapped[str] = mapped_column(String(120))
    sequence: Mapped[int]
    envelope: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(default=real_now)
    published_at: Mapped[datetime | None] = mapped_column(default=None, index=True)


class InboxState(StrEnum):
    DONE = "done"
    WAITING = "waiting"
    DEAD = "dead"


class InboxRow(SharedBase):
    """An event that arrived. `envelope` is kept while there is something left to do with it."""

    __tablename__ = "inbox"
    __table_args__ = (
        Index(
            "ix_inbox_waiting",
            "next_try_at",
            postgresql_where=text("state = 'waiting'"),
            sqlite_where=text("state = 'waiting'"),
        ),
    )

    consumer: Mapped[str] = mapped_column(String(60), primary_key=True)
    event_id: Mapped[UUID] = mapped_column(primary_key=True)
    type: Mapped[str] = mapped_column(String(120))
    subject: Mapped[str] = mapped_column(String(120))
    state: Mapped[str] = mapped_column(String(8), default=InboxState.DONE)
    received_at: Mapped[datetime] = mapped_column(default=real_now, index=True)
    tries: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime | None] = mapped_column(default=None)
    error: Mapped[str | None] = mapped_column(Text, default=None)
    envelope: Mapped[str | None] = mapped_column(Text, default=None)


class JobState(StrEnum):
    WAITING = "waiting"
    DONE = "done"
    DEAD = "dead"


class JobRow(SharedBase):
    """Work to do after the transaction that asked for it: rendering, storing, mailing. Safe to do twice."""

    __tablename__ = "jobs"
    __table_args__ = (
        UniqueConstraint("kind", "key"),
        Index(
            "ix_jobs_waiting",
            "next_try_at",
            postgresql_where=text("state = 'waiting'"),
            sqlite_where=text("state = 'waiting'"),
        ),
    )

    id: Mapped[int] = mapped_column(Position, primary_key=True, autoincrement=True)
    kind: Mapped[str] = mapped_column(String(60))
    key: Mapped[str] = mapped_column(String(200))
    payload: Mapped[dict[str, Any]]
    correlation_id: Mapped[str] = mapped_column(String(120), default="")
    state: Mapped[str] = mapped_column(String(8), default=JobState.WAITING)
    created_at: Mapped[datetime] = mapped_column(default=real_now)
    next_try_at: Mapped[datetime] = mapped_column(default=real_now)
    done_at: Mapped[datetime | None] = mapped_column(default=None)
    tries: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None] = mapped_column(Text, default=None)
