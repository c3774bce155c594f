"""Who holds which office, from when until when (R13)."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from services.decision.domain.roster import Term
from services.decision.models.base import Base


class Appointment(Base):
    """One person in one office for a time, both days included. Ending it early moves `until`.

    `named_by` proposed it, or is the system for the first set.
    """

    __tablename__ = "appointments"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    office: Mapped[str] = mapped_column(String(40), index=True)
    account_id: Mapped[UUID] = mapped_column(index=True)
    name: Mapped[str] = mapped_column(String(200))
    since: Mapped[date]
    until: Mapped[date]
    named_at: Mapped[datetime]
    named_by: Mapped[UUID]
    named_by_name: Mapped[str] = mapped_column(String(200))
    confirmed_by: Mapped[UUID | None] = mapped_column(default=None)
    """Who confirmed it; None for the first set, named at installation, and for those from before two were asked."""
    confirmed_by_name: Mapped[str] = mapped_column(String(200), default="", server_default="")

    @property
    def subject(self) -> str:
        """The name under which the audit log keeps the appointment."""
        return f"appointment/{self.id}"

    def term(self) -> Term:
        """The appointment as the rules read it."""
        return Term(self.office, self.account_id, self.since, self.until, self.named_at)
