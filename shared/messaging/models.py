"""The tables of the messaging: what goes out, what came in, what is to be done."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from shared.clock import real_now
from shared.database.base import SharedBase

TYPE_LENGTH = 120
SUBJECT_LENGTH = 120
CAUSE_LENGTH = 120
"""Characters that the tables hold of an event's type and subject, and of what names its causes; the door asks for it
(`admission.py`).
"""

EVENTS_EXCHANGE = "kompeten.events"
PUBLIC_EXCHANGE = "kompeten.public"

Position = BigInteger().with_variant(Integer(), "sqlite")


class OutboxRow(SharedBase):
    """An event told in the same transaction as the change it tells of. `envelope` is the JSON as it goes out.

    `exchange` names where it goes: what one exchange does not take holds nothing back that is for another.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("subject", "sequence"),
        Index(
            "ix_outbox_unpublished",
            "exchange",
            "position",
            postgresql_where=text("published_at IS NULL"),
            sqlite_where=text("published_at IS NULL"),
        ),
        Index(
            "ix_outbox_published",
            "created_at",
            postgresql_where=text("published_at IS NOT NULL"),
            sqlite_where=text("published_at IS NOT NULL"),
        ),
    )

    position: Mapped[int] = mapped_column(Position, primary_key=True, autoincrement=True)
    id: Mapped[UUID] = mapped_column(unique=True)
    type: Mapped[str] = mapped_column(String(TYPE_LENGTH))
    subject: Mapped[str] = mapped_column(String(SUBJECT_LENGTH))
    exchange: Mapped[str] = mapped_column(String(60), default=EVENTS_EXCHANGE, server_default=EVENTS_EXCHANGE)
    sequence: Mapped[int]
    envelope: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(default=real_now)
    published_at: Mapped[datetime | None] = mapped_column(default=None)


class InboxState(StrEnum):
    """What became of an event that arrived: it had its effect, waits for its next try, or is given up."""

    DONE = "done"
    WAITING = "waiting"
    DEAD = "dead"


class InboxRow(SharedBase):
    """An event that arrived. `envelope` is kept while there is something left to do with it.

    It is known by its id and the service that tells it (`teller`, empty for what is no event of anybody): a service
    that was broken into cannot use up the ids of what others tell.

    `waiting_since` is when its reaction first answered `NotYet`, or did so for the first time since it was replayed.
    """

    __tablename__ = "inbox"
    __table_args__ = (
        Index(
            "ix_inbox_waiting",
            "next_try_at",
            postgresql_where=text("state = 'waiting'"),
            sqlite_where=text("state = 'waiting'"),
        ),
        Index("ix_inbox_state_received_at", "state", "received_at"),
    )

    consumer: Mapped[str] = mapped_column(String(60), primary_key=True)
    event_id: Mapped[UUID] = mapped_column(primary_key=True)
    teller: Mapped[str] = mapped_column(String(60), primary_key=True, default="")
    type: Mapped[str] = mapped_column(String(TYPE_LENGTH))
    subject: Mapped[str] = mapped_column(String(SUBJECT_LENGTH))
    state: Mapped[str] = mapped_column(String(8), default=InboxState.DONE)
    received_at: Mapped[datetime] = mapped_column(default=real_now)
    tries: Mapped[int] = mapped_column(default=0)
    waiting_since: Mapped[datetime | None] = mapped_column(default=None)
    next_try_at: Mapped[datetime | None] = mapped_column(default=None)
    error: Mapped[str | None] = mapped_column(Text, default=None)
    envelope: Mapped[str | None] = mapped_column(Text, default=None)


class JobState(StrEnum):
    """Whether a job is to be done, is done, or was given up after its last try."""

    WAITING = "waiting"
    DONE = "done"
    DEAD = "dead"


class JobRow(SharedBase):
    """Work to do after the transaction that asked for it: rendering, storing, mailing. Safe to do twice.

    Whoever works on it holds the lease `lease_id` until `next_try_at`, and renews it; whoever finds it past that time
    takes the job over under a lease of its own, and what the late one then writes of the job is refused.
    """

    __tablename__ = "jobs"
    __table_args__ = (
        UniqueConstraint("kind", "key"),
        Index(
            "ix_jobs_waiting",
            "next_try_at",
            postgresql_where=text("state = 'waiting'"),
            sqlite_where=text("state = 'waiting'"),
        ),
        Index(
            "ix_jobs_leased",
            "lease_id",
            postgresql_where=text("lease_id IS NOT NULL"),
            sqlite_where=text("lease_id IS NOT NULL"),
        ),
        Index(
            "ix_jobs_done",
            "done_at",
            postgresql_where=text("state = 'done'"),
            sqlite_where=text("state = 'done'"),
        ),
        Index(
            "ix_jobs_dead",
            "next_try_at",
            postgresql_where=text("state = 'dead'"),
            sqlite_where=text("state = 'dead'"),
        ),
    )

    id: Mapped[int] = mapped_column(Position, primary_key=True, autoincrement=True)
    kind: Mapped[str] = mapped_column(String(60))
    key: Mapped[str] = mapped_column(String(200))
    payload: Mapped[dict[str, Any]]
    correlation_id: Mapped[str] = mapped_column(String(CAUSE_LENGTH), default="")
    causation_id: Mapped[str | None] = mapped_column(String(CAUSE_LENGTH), default=None)
    lease_id: Mapped[UUID | None] = mapped_column(default=None)
    state: Mapped[str] = mapped_column(String(8), default=JobState.WAITING)
    created_at: Mapped[datetime] = mapped_column(default=real_now)
    next_try_at: Mapped[datetime] = mapped_column(default=real_now)
    done_at: Mapped[datetime | None] = mapped_column(default=None)
    tries: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None] = mapped_column(Text, default=None)
