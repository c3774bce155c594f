"""BNSP's codes for the list of those assessed in a period (domain handbook 5)."""

from typing import ClassVar
from uuid import UUID

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from services.registration.models.base import Base
from shared.database.base import Aggregate

NO_PERIOD = UUID(int=0)
"""Stands for the applications that took no place in a period: renewals."""


class RequestCodes(Aggregate, Base):
    """BNSP's codes for the applications of one period; `id` is the period's, or `NO_PERIOD`."""

    __tablename__ = "request_codes"
    subject_kind: ClassVar[str] = "request-codes"

    schedule: Mapped[str] = mapped_column(String(40), default="")
    occupation: Mapped[str] = mapped_column(String(40), default="")
    budget: Mapped[str] = mapped_column(String(40), default="")
    ministry: Mapped[str] = mapped_column(String(40), default="")
