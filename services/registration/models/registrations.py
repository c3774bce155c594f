"""Who has asked for an account and has not yet shown that the address is theirs."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from services.registration.encrypted_kinds import REGISTRATION
from services.registration.models.base import Base
from shared.clock import real_now
from shared.database.base import Aggregate
from shared.security.encryption import EncryptedText


class PendingRegistration(Aggregate, Base):
    """A registration until its mailed link is opened, or has died. It is no account: nobody else hears of it."""

    __tablename__ = "pending_registrations"
    subject_kind: ClassVar[str] = "registration"

    email_index: Mapped[str] = mapped_column(String(64), index=True)
    email: Mapped[str] = mapped_column(EncryptedText(REGISTRATION, "address of a registration"))
    name: Mapped[str] = mapped_column(EncryptedText(REGISTRATION, "name of a registration"))
    language: Mapped[str] = mapped_column(String(2))
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    requested_at: Mapped[datetime] = mapped_column(default=real_now)
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None] = mapped_column(default=None)
