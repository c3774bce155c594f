"""The meetings of the officers: members, agenda, recusals, opinions (process 2.8; R1)."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.decision.models.base import Base
from shared import clock
from shared.database.base import Aggregate


class Meeting(Aggregate, Base):
    """`quorum` is the one in force when it was called; the minutes' key and hash come when they are stored."""

    __tablename__ = "meetings"
    subject_kind: ClassVar[str] = "meeting"

    at: Mapped[datetime] = mapped_column(index=True)
    place: Mapped[str] = mapped_column(String(300))
    state: Mapped[str] = mapped_column(String(12), index=True)
    quorum: Mapped[int]
    called_by: Mapped[UUID]
    called_by_name: Mapped[str] = mapped_column(String(200))
    opened_at: Mapped[datetime | None] = mapped_column(default=None)
    opened_by_name: Mapped[str] = mapped_column(String(200), default="")
    closed_at: Mapped[datetime | None] = mapped_column(default=None)
    closed_by_name: Mapped[str] = mapped_column(String(200), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    minutes_key: Mapped[str | None] = mapped_column(String(200), default=None, index=True)
    minutes_sha256: Mapped[str | None] = mapped_column(String(64), default=None)


class MeetingMember(Base):
    """An officer's seat in one meeting, and whether he or she is there."""

    __tablename__ = "meeting_members"

    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meetings.id"), primary_key=True)
    account_id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    office: Mapped[str] = mapped_column(String(40))
    present: Mapped[bool] = mapped_column(default=False)


class ItemState(StrEnum):
    """What became of a case on the agenda of one meeting."""

    PENDING = "pending"
    DECIDED = "decided"
    DEFERRED = "deferred"


class AgendaItem(Base):
    """One case on the agenda of one meeting."""

    __tablename__ = "agenda_items"

    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meetings.id"), primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), primary_key=True, index=True)
    attempt: Mapped[int]
    position: Mapped[int]
    state: Mapped[str] = mapped_column(String(12), default=ItemState.PENDING)
    note: Mapped[str] = mapped_column(Text, default="")


class Recusal(Base):
    """Why a member kept out of a case (R1); never taken back."""

    __tablename__ = "recusals"
    __table_args__ = (UniqueConstraint("meeting_id", "case_id", "member_id", "ground"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meetings.id"))
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    member_id: Mapped[UUID]
    member_name: Mapped[str] = mapped_column(String(200))
    ground: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(Text, default="")
    automatic: Mapped[bool]
    recorded_by_name: Mapped[str] = mapped_column(String(200))
    recorded_at: Mapped[datetime] = mapped_column(default=clock.now)


class OpinionRow(Base):
    """What a member said on a case: one row each, until the decision freezes it."""

    __tablename__ = "opinions"

    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meetings.id"), primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    member_id: Mapped[UUID] = mapped_column(primary_key=True)
    member_name: Mapped[str] = mapped_column(String(200))
    opinion: Mapped[str] = mapped_column(String(12))
    note: Mapped[str] = mapped_column(Text, default="")
    given_at: Mapped[datetime] = mapped_column(default=clock.now)
