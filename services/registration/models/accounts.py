"""Accounts and what belongs to signing in. Secrets are kept hashed only: a copy of these tables opens no door."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.registration.domain.accounts import AccountState
from services.registration.models.base import Base
from shared.clock import real_now
from shared.database.base import Aggregate
from shared.security.actor import Actor
from shared.security.roles import Role


class Account(Aggregate, Base):
    """A person who may sign in. `email` is in small letters and belongs to one account only."""

    __tablename__ = "accounts"
    subject_kind: ClassVar[str] = "account"

    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    language: Mapped[str] = mapped_column(String(2), default="id")
    state: Mapped[str] = mapped_column(String(12), default=AccountState.ACTIVE)
    password_hash: Mapped[str | None] = mapped_column(String(200), default=None)
    generation: Mapped[int] = mapped_column(default=0, server_default="0")
    """What tokens must carry at least; raised when authority ends (`shared/security/generations.py`)."""
    role_rows: Mapped[list["AccountRole"]] = relationship(
        cascade="all, delete-orphan", lazy="selectin", order_by="AccountRole.role"
    )

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(Role(row.role) for row in self.role_rows)

    @roles.setter
    def roles(self, wanted: frozenset[Role]) -> None:
        kept = [row for row in self.role_rows if Role(row.role) in wanted]
        new = wanted - {Role(row.role) for row in kept}
        self.role_rows = kept + [AccountRole(role=role.value) for role in sorted(new)]

    @property
    def active(self) -> bool:
        """Whether the person may sign in."""
        return self.state == AccountState.ACTIVE

    @property
    def actor(self) -> Actor:
        """The person as tokens and the audit log name them."""
        return Actor(self.id, self.name, self.email, self.roles)


class AccountRole(Base):
    """One role of an account."""

    __tablename__ = "account_roles"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    role: Mapped[str] = mapped_column(String(40), primary_key=True, index=True)


class BrowserSession(Base):
    """What a browser's opaque cookie stands for. It slides with use, by real time, and can be ended at once."""

    __tablename__ = "browser_sessions"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    csrf: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(default=real_now)
    seen_at: Mapped[datetime] = mapped_column(default=real_now)
    expires_at: Mapped[datetime] = mapped_column(index=True)
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    factor_at: Mapped[datetime | None] = mapped_column(default=None)
    """When the second factor was shown; without it the session of an account that has or needs one opens nothing."""
    challenge: Mapped[str | None] = mapped_column(String(64), default=None)
    """What a passkey is to sign next in this browser, in base64url; used up by the first answer."""
    challenged_at: Mapped[datetime | None] = mapped_column(default=None)
    proved_at: Mapped[datetime | None] = mapped_column(default=None)
    """When its owner has shown password and second factor again, for one change of the second factor."""
    account: Mapped[Account] = relationship(lazy="joined")


class DeviceLink(Base):
    """A mailed link that makes the browser it is opened in a known one, once."""

    __tablename__ = "device_links"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None] = mapped_column(default=None)
    account: Mapped[Account] = relationship(lazy="joined")


class PasswordReset(Base):
    """A mailed link that sets a new password once."""

    __tablename__ = "password_resets"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    requested_at: Mapped[datetime] = mapped_column(default=real_now)
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None] = mapped_column(default=None)
    account: Mapped[Account] = relationship(lazy="joined")
