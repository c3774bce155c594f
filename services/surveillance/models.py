"""Surveillance's tables: certificates held, the reports due for them, and what this stage keeps of the others."""

import enum
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Enum, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from services.surveillance.domain.workflow import Outcome, State
from shared import clock
from shared.contracts.surveillance import Holder
from shared.database.base import COLUMN_TYPES, Aggregate, named_metadata
from shared.errors import N_


def word_column(kind: type[StrEnum]) -> Enum:
    """A column that keeps the values of `kind` as text."""
    return Enum(kind, native_enum=False, length=24, values_callable=lambda known: [word.value for word in known])


class Base(DeclarativeBase):
    metadata = named_metadata()
    type_annotation_map = COLUMN_TYPES


class Status(StrEnum):
    """Of a certificate, as the certificate stage tells it."""

    VALID = "valid"
    REDUCED = "reduced"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


STATUS_NAMES: dict[enum.Enum, str] = {
    Status.VALID: N_("Berlaku"),
    Status.REDUCED: N_("Berlaku, lingkup dikurangi"),
    Status.SUSPENDED: N_("Ditangguhkan"),
    Status.WITHDRAWN: N_("Dicabut"),
    Status.EXPIRED: N_("Kedaluwarsa"),
}
HOLDING = (Status.VALID, Status.REDUCED)
LIVING = (*HOLDING, Status.SUSPENDED)
"""A suspended holder still reports: that is how a suspension ends."""


class Account(Base):
    """This stage's copy of an account, as of its event number `sequence`."""

    __tablename__ = "account"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    active: Mapped[bool]
    sequence: Mapped[int]


class Holding(Aggregate, Base):
    """One certificate in the hands of its holder; `id` is the certificate's, `heard` its last event taken over.

    `invited` is the last step (days before expiry) at which the holder was invited to renew. `sheet` is the newest
    version heard of, `named_in` the one `holder_name` stands on, `reduced` whether units were taken away (R16).
    """

    __tablename__ = "holding"
    __table_args__ = (Index("ix_holding_inventory", "status", "expires_on"),)
    subject_kind = "holding"

    number: Mapped[str] = mapped_column(String(60), unique=True)
    registration_number: Mapped[str] = mapped_column(String(60))
    holder_id: Mapped[UUID] = mapped_column(index=True)
    holder_name: Mapped[str] = mapped_column(String(200))
    application_id: Mapped[UUID]
    scheme_id: Mapped[str] = mapped_column(String(60), index=True)
    scheme_version: Mapped[str] = mapped_column(String(20))
    scheme_title: Mapped[str] = mapped_column(String(500))
    units: Mapped[list[str]]
    issued_on: Mapped[date]
    expires_on: Mapped[date]
    check_url: Mapped[str] = mapped_column(String(500))
    renews: Mapped[str | None] = mapped_column(String(60), index=True)
    status: Mapped[Status] = mapped_column(word_column(Status), default=Status.VALID)
    status_reason: Mapped[str] = mapped_column(Text, default="")
    suspended_until: Mapped[date | None] = mapped_column(default=None)
    heard: Mapped[int]
    sheet: Mapped[int] = mapped_column(default=1)
    named_in: Mapped[int] = mapped_column(default=1)
    reduced: Mapped[bool] = mapped_column(default=False)
    invited: Mapped[int | None] = mapped_column(default=None)

    def as_told(self) -> dict[str, Any]:
        """The fields every fact of this stage begins with."""
        told = Holder(certificate_id=self.id, certificate_number=self.number, holder_id=self.holder_id)
        return told.model_dump()


class Surveillance(Aggregate, Base):
    """The report of one year of a certificate (process 2.11).

    `reminded` is the last step (days before the due date) at which the holder was reminded; `answer_by` the last day
    for a clarification; `draft` the report as the holder left it. `settled_at` is when the officers decided on what a
    review proposed.
    """

    __tablename__ = "surveillance"
    __table_args__ = (UniqueConstraint("holding_id", "year"), Index("ix_surveillance_due", "state", "due_on"))
    subject_kind = "surveillance"

    holding_id: Mapped[UUID] = mapped_column(ForeignKey("holding.id"))
    year: Mapped[int]
    due_on: Mapped[date]
    state: Mapped[State] = mapped_column(word_column(State), default=State.SCHEDULED)
    reminded: Mapped[int | None] = mapped_column(default=None)
    answer_by: Mapped[date | None] = mapped_column(default=None)
    waiting_since: Mapped[datetime] = mapped_column(default=clock.now)
    settled_at: Mapped[datetime | None] = mapped_column(default=None)
    draft: Mapped[dict[str, Any] | None] = mapped_column(default=None)

    holding: Mapped[Holding] = relationship(lazy="joined", innerjoin=True)
    reports: Mapped[list["FiledReport"]] = relationship(order_by="FiledReport.round")
    reviews: Mapped[list["Review"]] = relationship(order_by="Review.at")
    documents: Mapped[list["Document"]] = relationship(order_by="Document.uploaded_at")

    def as_told(self) -> dict[str, Any]:
        return {**self.holding.as_told(), "surveillance_id": self.id, "year": self.year}

    def goes_to(self, state: State) -> None:
        """Change the state, and begin to wait there."""
        self.state, self.waiting_since, self.settled_at = state, clock.now(), None


class FiledReport(Base):
    """A report as it was handed in, kept for good: `sha256` is of its canonical JSON. Round 2 on answers a review."""

    __tablename__ = "report"
    __table_args__ = (UniqueConstraint("surveillance_id", "round"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    surveillance_id: Mapped[UUID] = mapped_column(ForeignKey("surveillance.id"))
    round: Mapped[int]
    content: Mapped[dict[str, Any]]
    sha256: Mapped[str] = mapped_column(String(64))
    filed_at: Mapped[datetime] = mapped_column(default=clock.now)


class Review(Base):
    """What a reviewer found, with reasons; kept for good."""

    __tablename__ = "review"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    surveillance_id: Mapped[UUID] = mapped_column(ForeignKey("surveillance.id"), index=True)
    outcome: Mapped[Outcome] = mapped_column(word_column(Outcome))
    reasons: Mapped[str] = mapped_column(Text)
    answer_by: Mapped[date | None]
    reviewer_id: Mapped[UUID]
    reviewer_name: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(default=clock.now)


class Document(Base):
    """Evidence uploaded for a report; the bytes lie encrypted in the object store under `key`."""

    __tablename__ = "document"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    surveillance_id: Mapped[UUID] = mapped_column(ForeignKey("surveillance.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    content_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    key: Mapped[str] = mapped_column(String(200))
    uploaded_at: Mapped[datetime] = mapped_column(default=clock.now)


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
