"""The certificates, their versions, what was done to them, and the counters of their numbers."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.certificate.domain.printed import Printed
from services.certificate.domain.states import Act, State
from services.certificate.domain.versions import Cause, VersionState
from services.certificate.models.base import Base
from shared import clock
from shared.database.base import Aggregate
from shared.database.types import json_of, word_column


class Certificate(Aggregate, Base):
    """One certificate, and with it the register of numbers: a voided one stays with its number.

    The number is for good; what it certifies may be corrected or reduced, each time in a new version.
    `current_version`, `holder_name` and `units` are those of the version in force.
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
    current_version: Mapped[int] = mapped_column(default=1)
    state: Mapped[State] = mapped_column(word_column(State), default=State.NUMBERED)
    state_since: Mapped[datetime] = mapped_column(default=clock.now)
    suspended_until: Mapped[date | None] = mapped_column(default=None)
    reduced_at: Mapped[datetime | None] = mapped_column(default=None)
    numbered_at: Mapped[datetime]
    issued_at: Mapped[datetime | None] = mapped_column(default=None)

    changes: Mapped[list["Change"]] = relationship(order_by="Change.at, Change.id")
    versions: Mapped[list["Version"]] = relationship(back_populates="certificate", order_by="Version.version")

    @property
    def current(self) -> "Version":
        """The version in force, or the first while it is being made."""
        return next(version for version in self.versions if version.version == self.current_version)

    @property
    def in_the_making(self) -> "Version | None":
        """The version whose file is being made, if there is one."""
        return next((version for version in self.versions if version.state is VersionState.MAKING), None)


class Version(Base):
    """One sheet with its file, check token and credential: the first, a correction, or one with fewer units (R16).

    `printed` is all that stands on the sheet, fixed with `made_at` and `template`; so the file can be made again, byte
    for byte. `sha256`, `size` and `object_key` are of the stored PDF, `credential` is the JSON attached to it,
    `status_index` its place in the status lists, drawn at random, `signed_with` the fingerprint of the key that signed
    the PDF.
    """

    __tablename__ = "certificate_version"
    __table_args__ = (UniqueConstraint("certificate_id", "version"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    certificate_id: Mapped[UUID] = mapped_column(ForeignKey("certificate.id"), index=True)
    version: Mapped[int]
    cause: Mapped[Cause] = mapped_column(word_column(Cause), default=Cause.FIRST)
    reason: Mapped[str] = mapped_column(Text, default="")
    ordered_by: Mapped[str] = mapped_column(String(200), default="")
    state: Mapped[VersionState] = mapped_column(word_column(VersionState), default=VersionState.MAKING, index=True)
    state_since: Mapped[datetime] = mapped_column(default=clock.now)
    holder_name: Mapped[str] = mapped_column(String(200))
    units: Mapped[list[str]]
    check_token: Mapped[str] = mapped_column(String(40), unique=True)
    check_url: Mapped[str] = mapped_column(String(300))
    template: Mapped[str] = mapped_column(String(40))
    printed: Mapped[Printed] = mapped_column(json_of(Printed))
    photo_key: Mapped[str] = mapped_column(String(200), default="")
    status_index: Mapped[int] = mapped_column(unique=True)
    made_at: Mapped[datetime]
    object_key: Mapped[str] = mapped_column(String(200), default="")
    sha256: Mapped[str] = mapped_column(String(64), default="", index=True)
    size: Mapped[int] = mapped_column(default=0)
    credential: Mapped[str] = mapped_column(Text, default="")
    signed_with: Mapped[str] = mapped_column(String(64), default="")

    certificate: Mapped[Certificate] = relationship(back_populates="versions")


class Change(Base):
    """One step in a certificate's life, with its reason; kept for good. `version` is the one it brought, if any."""

    __tablename__ = "certificate_change"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    certificate_id: Mapped[UUID] = mapped_column(ForeignKey("certificate.id"), index=True)
    act: Mapped[Act] = mapped_column(word_column(Act))
    version: Mapped[int | None] = mapped_column(default=None)
    reason: Mapped[str] = mapped_column(Text, default="")
    until: Mapped[date | None] = mapped_column(default=None)
    actor_name: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(default=clock.now)


class Counter(Base):
    """The last serial used, locked by whoever takes the next until its transaction ends: so none is lost or doubled."""

    __tablename__ = "counter"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[int]
