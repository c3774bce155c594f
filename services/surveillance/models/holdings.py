"""Certificates in the hands of their holders, as far as reports and renewals need them."""

import enum
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.surveillance.models.base import Base
from shared.contracts.surveillance import Holder
from shared.database.base import Aggregate
from shared.database.types import word_column
from shared.errors import N_


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
STATUSES_IN_FORCE = (Status.VALID, Status.REDUCED)
LIVING = (*STATUSES_IN_FORCE, Status.SUSPENDED)
"""A suspended holder still reports: that is how a suspension ends."""


class Holding(Aggregate, Base):
    """One certificate in the hands of its holder; `id` is the certificate's, `heard` its last event taken over.

    `heard` counts the events of certificate, the inherited `sequence` those that surveillance tells of it itself.
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
