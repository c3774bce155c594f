"""What registration told, kept as this stage's own copies; `sequence` is that of the last event applied."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from services.decision.models.base import Base


class AccountCopy(Base):
    """An account as registration last told of it; `sequence` is of the last event applied."""

    __tablename__ = "accounts"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254))
    roles: Mapped[list[str]]
    active: Mapped[bool]
    person_id: Mapped[UUID | None] = mapped_column(default=None)
    """Whose account it is, where registration knows it: the same id for all accounts of one person."""
    sequence: Mapped[int]


class ApplicationCopy(Base):
    """When an application was first filed: tells whether it is a new one (process 2.10)."""

    __tablename__ = "applications"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    applicant_id: Mapped[UUID] = mapped_column(index=True)
    filed_at: Mapped[datetime]
    withdrawn: Mapped[bool] = mapped_column(default=False)
    sequence: Mapped[int]
