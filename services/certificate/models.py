"""Certificate's tables: what is on its way to a certificate, the certificates, what was done to them, the counters."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Enum, ForeignKey, Index, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from services.certificate.domain.states import Act, OrderState, State
from shared import clock
from shared.database.base import COLUMN_TYPES, Aggregate, named_metadata


def words(kind: type[StrEnum]) -> Enum:
    """A column that keeps the values of `kind` as text."""
    return Enum(kind, native_enum=False, length=24, values_callable=lambda known: [word.value for word in known])


class Base(DeclarativeBase):
    metadata = named_metadata()
    type_annotation_map = COLUMN_TYPES


class Order(Aggregate, Base):
    """One application on its way to a certificate; `id` is the application's.

    It begins with whatever is heard of first. `judgements` holds K or BK by unit code.
    """

    __tablename__ = "certificate_order"
    __table_args__ = (Index("ix_certificate_order_waiting", "state", "decided_at"),)
    subject_kind = "order"

    state: Mapped[OrderState] = mapped_column(words(OrderState), default=OrderState.CANDIDATE)
    holder_id: Mapped[UUID] = mapped_column(index=True)
    holder_name: Mapped[str] = mapped_column(String(200))
    scheme_id: Mapped[str] = mapped_column(String(60))
    scheme_version: Mapped[str] = mapped_column(String(20))
    scheme_title: Mapped[str] = mapped_column(String(500))
    forms_signed_at: Mapped[datetime | None] = mapped_column(default=None)
    recommended: Mapped[bool] = mapped_column(default=False)
    agreed_at: Mapped[datetime | None] = mapped_column(default=None)
    agreed_version: Mapped[str] = mapped_column(String(20), default="")
    decision_id: Mapped[UUID | None] = mapped_column(default=None)
    decided_at: Mapped[datetime | None] = mapped_column(default=None)
    decided_by_name: Mapped[str] = mapped_column(String(200), default="")
    acting_for_chair: Mapped[bool] = mapped_column(default=False)
    decree_number: Mapped[str] = mapped_column(String(100), default="")
    file_hash: Mapped[str] = mapped_column(String(64), default="")
    judgements: Mapped[dict[str, str]] = mapped_column(default=dict)
    renews: Mapped[str | None] = mapped_column(String(60), default=None)


class Certificate(Aggregate, Base):
    """One certificate, and with it the register of numbers: a voided one stays with its number.

    `printed` is all that stands on the sheet, fixed with the number, as is `template`; so the file can be made again,
    byte for byte. `sha256`, `size` and `object_key` are of the stored PDF.
    """

    __tablename__ = "certificate"
    __table_args__ = (Index("ix_certificate_lasting", "state", "expires_on"),)
    subject_kind = "certificate"

    application_id: Mapped[UUID] = mapped_column(ForeignKey("certificate_order.id"), index=True)
    holder_id: Mapped[UUID] = mapped_column(index=True)
    holder_name: Mapped[str] = mapped_column(String(200))
    serial: Mapped[int] = mapped_column(unique=True)
    number: Mapped[str] = mapped_column(String(60), unique=True)
    registration_number: Mapped[str] = mapped_column(String(60), unique=True)
    scheme_id: Mapped[str] = mapped_column(String(60))
    scheme_version: Mapped[str] = mapped_column(String(20))
    scheme_title: Mapped[str] = mapped_column(String(500))
    units: Mapped[list[str]]
    issuer: Mapped[str] = mapped_column(String(200))
    issued_on: Mapped[date]
    expires_on: Mapped[date]
    renews: Mapped[str | None] = mapped_column(String(60), default=None)
    check_token: Mapped[str] = mapped_column(String(40), unique=True)
    check_url: Mapped[str] = mapped_column(String(300))
    template: Mapped[str] = mapped_column(String(40))
    printed: Mapped[dict[str, Any]]
    state: Mapped[State] = mapped_column(words(State), default=State.NUMBERED)
    state_since: Mapped[datetime] = mapped_column(default=clock.now)
    suspended_until: Mapped[date | None] = mapped_column(default=None)
    numbered_at: Mapped[datetime]
    issued_at: Mapped[datetime | None] = mapped_column(default=None)
    object_key: Mapped[str] = mapped_column(String(200), default="")
    sha256: Mapped[str] = mapped_column(String(64), default="")
    size: Mapped[int] = mapped_column(default=0)

    changes: Mapped[list["Change"]] = relationship(order_by="Change.at, Change.id")


class Change(Base):
    """One step in a certificate's life, with its reason; kept for good."""

    __tablename__ = "certificate_change"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    certificate_id: Mapped[UUID] = mapped_column(ForeignKey("certificate.id"), index=True)
    act: Mapped[Act] = mapped_column(words(Act))
    reason: Mapped[str] = mapped_column(Text, default="")
    until: Mapped[date | None] = mapped_column(default=None)
    actor_name: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(default=clock.now)


class Counter(Base):
    """The last serial used, locked by whoever takes the next until its transaction ends: so none is lost or doubled."""

    __tablename__ = "counter"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[int]
