"""The second factors of accounts. Secrets are encrypted, recovery codes are kept as keyed hashes."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from services.registration.models.base import Base
from shared.clock import real_now
from shared.security.encryption import EncryptedText


class SecondFactor(Base):
    """The app with which somebody makes one-time codes; written once a first code was right."""

    __tablename__ = "second_factors"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    secret: Mapped[str] = mapped_column(EncryptedText("second factor"))
    enrolled_at: Mapped[datetime] = mapped_column(default=real_now)
    last_step: Mapped[int | None] = mapped_column(default=None)
    """The 30-second step of the last code that was used: none is used twice."""
    failures: Mapped[int] = mapped_column(default=0)
    """Wrong codes since the last right one."""
    failed_at: Mapped[datetime | None] = mapped_column(default=None)


class RecoveryCode(Base):
    """One code on somebody's paper."""

    __tablename__ = "recovery_codes"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    used_at: Mapped[datetime | None] = mapped_column(default=None)
