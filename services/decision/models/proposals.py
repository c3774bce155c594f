"""What an administrator proposed about an office, and who answered (R13, decision 101)."""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.decision.domain.proposals import ProposalState
from services.decision.models.base import Base
from shared.database.base import Aggregate


class OfficerProposal(Aggregate, Base):
    """To name `account_id` for an office, or to end the appointment `appointment_id`; rows are never removed."""

    __tablename__ = "officer_proposals"
    subject_kind: ClassVar[str] = "officer-proposal"

    kind: Mapped[str] = mapped_column(String(10))
    office: Mapped[str] = mapped_column(String(40))
    account_id: Mapped[UUID]
    name: Mapped[str] = mapped_column(String(200))
    person_id: Mapped[UUID | None] = mapped_column(default=None)
    since: Mapped[date]
    until: Mapped[date]
    appointment_id: Mapped[UUID | None] = mapped_column(default=None)
    proposed_at: Mapped[datetime]
    proposed_by: Mapped[UUID]
    proposed_by_name: Mapped[str] = mapped_column(String(200))
    proposed_by_person: Mapped[UUID | None] = mapped_column(default=None)
    expires_at: Mapped[datetime] = mapped_column(index=True)
    state: Mapped[str] = mapped_column(String(12), default=ProposalState.OPEN, index=True)
    answered_at: Mapped[datetime | None] = mapped_column(default=None)
    answered_by: Mapped[UUID | None] = mapped_column(default=None)
    answered_by_name: Mapped[str] = mapped_column(String(200), default="")
    reason: Mapped[str] = mapped_column(Text, default="")
