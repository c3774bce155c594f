"""The second factors of accounts. Secrets are encrypted, recovery codes are kept as keyed hashes."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from services.registration.domain.passkeys import LONGEST_ID, LONGEST_NAME
from services.registration.encrypted_kinds import FACTOR
from services.registration.models.base import Base
from shared.clock import real_now
from shared.security.encryption import EncryptedText


class SecondFactor(Base):
    """The app with which somebody makes one-time codes; written once a first code was right."""

    __tablename__ = "second_factors"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    secret: Mapped[str] = mapped_column(EncryptedText(FACTOR, "second factor"))
    enrolled_at: Mapped[datetime] = mapped_column(default=real_now)
    last_step: Mapped[int | None] = mapped_column(default=None)
    """The 30-second step of the last code that was used: none is used twice."""
    failures: Mapped[int] = mapped_column(default=0)
    """Counted by the version before; now in `FactorTries`. Both columns go a release later (decision 92)."""
    failed_at: Mapped[datetime | None] = mapped_column(default=None)


class Passkey(Base):
    """A passkey of somebody (WebAuthn): what is kept of it is public, and opens nothing without the authenticator."""

    __tablename__ = "passkeys"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    credential_id: Mapped[str] = mapped_column(String(LONGEST_ID), unique=True)
    """What the authenticator calls it, in base64url: one belongs to one account."""
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(BigInteger, default=0)
    """How often it was used, as it told the last time; always 0 where it is synced."""
    transports: Mapped[str] = mapped_column(String(80), default="")
    """How it is reached (`usb,nfc`), for the browser's next question."""
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    made_at: Mapped[datetime] = mapped_column(default=real_now)
    used_at: Mapped[datetime | None] = mapped_column(default=None)


class FactorTries(Base):
    """Wrong codes and passkeys of an account since the last right one, whichever factor they were meant for."""

    __tablename__ = "factor_tries"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    failures: Mapped[int] = mapped_column(default=0)
    failed_at: Mapped[datetime | None] = mapped_column(default=None)


class RecoveryCode(Base):
    """One code on somebody's paper."""

    __tablename__ = "recovery_codes"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    used_at: Mapped[datetime | None] = mapped_column(default=None)
