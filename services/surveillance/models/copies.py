"""What surveillance keeps of facts that other stages tell: accounts, and applications to renew."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from services.surveillance.models.base import Base


class AccountCopy(Base):
    """This stage's copy of an account, as of its event number `sequence`."""

    __tablename__ = "account"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    active: Mapped[bool]
    sequence: Mapped[int]


class Renewal(Base):
    """An application to renew a certificate, as registration tells of it (process 2.12).

    One that is withdrawn before its filing is heard of leaves a row without a number. `failed` by the decision of
    `decided_at`, the last one heard of.
    """

    __tablename__ = "renewal"

    application_id: Mapped[UUID] = mapped_column(primary_key=True)
    applicant_id: Mapped[UUID]
    number: Mapped[str | None] = mapped_column(String(60), index=True, default=None)
    filed_at: Mapped[datetime | None] = mapped_column(default=None)
    withdrawn: Mapped[bool] = mapped_column(default=False)
    failed: Mapped[bool] = mapped_column(default=False)
    decided_at: Mapped[datetime | None] = mapped_column(default=None)
    sequence: Mapped[int]
