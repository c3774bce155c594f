"""Who the people are that work for the body."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from services.registration.encrypted_kinds import NIK
from services.registration.models.base import Base
from shared.clock import real_now
from shared.security.encryption import EncryptedText


class StaffIdentity(Base):
    """The NIK of somebody who works for the body, as an administrator gave it (domain handbook 3.4)."""

    __tablename__ = "staff_identities"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    nik: Mapped[str] = mapped_column(EncryptedText(NIK, "nik of staff"))
    given_at: Mapped[datetime] = mapped_column(default=real_now)
    person_id: Mapped[UUID | None] = mapped_column(default=None)
    """Names the person to the other stages without the NIK; one for all accounts that have the same."""
