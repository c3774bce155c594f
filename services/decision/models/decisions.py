"""The decisions, frozen with the file they rest on, and the numbers they bear (R12)."""

from datetime import datetime
from typing import Any, NoReturn
from uuid import UUID, uuid4

from sqlalchemy import Connection, ForeignKey, String, Text, UniqueConstraint, event
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from services.decision.models.base import Base, Judgements
from shared.chain.registers import Register, keep_register


class Decision(Base):
    """The chair's decision on one attempt. `file` is the canonical JSON of everything it rests on, `file_hash` its
    SHA-256. Written once: neither the code nor the database lets it be changed."""

    __tablename__ = "decisions"
    __table_args__ = (UniqueConstraint("case_id", "attempt"), UniqueConstraint("year", "serial"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    attempt: Mapped[int]
    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meetings.id"), index=True)
    attempt_units: Mapped[Judgements]
    units: Mapped[Judgements]
    judgement: Mapped[str] = mapped_column(String(2))
    reason: Mapped[str] = mapped_column(Text)
    decided_by: Mapped[UUID]
    decided_by_name: Mapped[str] = mapped_column(String(200))
    acting_for_chair: Mapped[bool]
    decided_at: Mapped[datetime]
    appeal_until: Mapped[datetime]
    year: Mapped[int]
    serial: Mapped[int]
    decree_number: Mapped[str] = mapped_column(String(80), unique=True)
    file: Mapped[str] = mapped_column(Text)
    file_hash: Mapped[str] = mapped_column(String(64))


DECISIONS = keep_register(Register("decision", "decisions", Decision, "decree_number", {}))


class Counter(Base):
    """A number that is taken under a row lock: no gap, no duplicate, since it falls back with its transaction."""

    __tablename__ = "counters"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    value: Mapped[int]


class FrozenError(RuntimeError):
    """Something tried to change or remove a decision."""


@event.listens_for(Decision, "before_update")
@event.listens_for(Decision, "before_delete")
def _refuse_change(_mapper: Mapper[Any], _connection: Connection, decision: Decision) -> NoReturn:
    raise FrozenError(f"decision {decision.id} is frozen")
