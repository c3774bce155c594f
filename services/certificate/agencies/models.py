"""Other agencies: who subscribes, what was told in public, and how it was handed over."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.certificate.agencies.domain import Subscription, WebhookState
from services.certificate.encrypted_kinds import WEBHOOK
from services.certificate.models.base import Base
from shared import clock
from shared.database.base import Aggregate
from shared.database.types import word_column
from shared.security.encryption import EncryptedText

Position = BigInteger().with_variant(Integer(), "sqlite")


class Agency(Aggregate, Base):
    """Another agency. `settled_at`: its user at the broker is made; until then nothing of it was shown to anybody."""

    __tablename__ = "agency"
    subject_kind = "agency"

    name: Mapped[str] = mapped_column(String(40), unique=True)
    contact: Mapped[str] = mapped_column(String(320), default="")
    settled_at: Mapped[datetime | None] = mapped_column(default=None)
    removed_at: Mapped[datetime | None] = mapped_column(default=None)

    webhook: Mapped["Webhook | None"] = relationship(back_populates="agency", cascade="all, delete-orphan")
    keys: Mapped[list["FeedKey"]] = relationship(cascade="all, delete-orphan", order_by="FeedKey.made_at")

    @property
    def standing(self) -> Subscription:
        if self.removed_at:
            return Subscription.REMOVED
        return Subscription.ACTIVE if self.settled_at else Subscription.UNSETTLED

    @property
    def broker_user(self) -> str:
        """Its name at the broker, which none of our own users can have."""
        return f"agency-{self.name}"


class FeedKey(Base):
    """A key to the feed, as its hash. After a rotation the earlier one has an end."""

    __tablename__ = "agency_feed_key"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.id"), index=True)
    made_at: Mapped[datetime] = mapped_column(default=clock.real_now)
    ends_at: Mapped[datetime | None] = mapped_column(default=None)


class Webhook(Base):
    """Where one agency is told by HTTP, and how far it is.

    `position` is that of the last event it took; `lease` names who is sending to it now, until `lease_until`.
    """

    __tablename__ = "agency_webhook"

    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.id"), primary_key=True)
    url: Mapped[str] = mapped_column(String(500))
    secret: Mapped[str] = mapped_column(EncryptedText(WEBHOOK, "agency_webhook.secret"))
    earlier_secret: Mapped[str | None] = mapped_column(
        EncryptedText(WEBHOOK, "agency_webhook.earlier_secret"), default=None
    )
    earlier_until: Mapped[datetime | None] = mapped_column(default=None)
    state: Mapped[WebhookState] = mapped_column(word_column(WebhookState), default=WebhookState.ON)
    state_since: Mapped[datetime] = mapped_column(default=clock.real_now)
    position: Mapped[int] = mapped_column(Position, default=0)
    tries: Mapped[int] = mapped_column(default=0)
    failing_since: Mapped[datetime | None] = mapped_column(default=None)
    next_try_at: Mapped[datetime] = mapped_column(default=clock.real_now)
    error: Mapped[str] = mapped_column(String(300), default="")
    lease: Mapped[UUID | None] = mapped_column(default=None)
    lease_until: Mapped[datetime | None] = mapped_column(default=None)

    agency: Mapped[Agency] = relationship(back_populates="webhook")


class Delivery(Base):
    """One try to hand an event over; the newest are kept. `status` is None where no answer came."""

    __tablename__ = "agency_delivery"
    __table_args__ = (Index("ix_agency_delivery_agency", "agency_id", "id"),)

    id: Mapped[int] = mapped_column(Position, primary_key=True, autoincrement=True)
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.id"))
    event_id: Mapped[UUID]
    position: Mapped[int] = mapped_column(Position)
    type: Mapped[str] = mapped_column(String(120))
    number: Mapped[int]
    at: Mapped[datetime] = mapped_column(default=clock.real_now)
    milliseconds: Mapped[int]
    status: Mapped[int | None] = mapped_column(default=None)
    error: Mapped[str] = mapped_column(String(300), default="")


class PublicEvent(Base):
    """An event for other agencies, written with the change it tells of and kept for good.

    It gets its `position` after the commit, under a lock: so a reader of positions never sees one and later a lower
    one that was not there. `envelope` is the JSON as it was published.
    """

    __tablename__ = "public_event"
    __table_args__ = (
        Index(
            "ix_public_event_unnumbered",
            "time",
            postgresql_where=text("position IS NULL"),
            sqlite_where=text("position IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    position: Mapped[int | None] = mapped_column(Position, unique=True, default=None)
    type: Mapped[str] = mapped_column(String(120))
    time: Mapped[datetime] = mapped_column(index=True)
    sequence: Mapped[int]
    envelope: Mapped[str] = mapped_column(Text)
