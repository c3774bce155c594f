"""The photo for the certificate: what became of the newest one in the file."""

from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.registration.models.applications import Application
from services.registration.models.base import Base
from shared.database.base import Aggregate
from shared.database.types import word_column


class PhotoState(StrEnum):
    """`needed`: the photo cannot stand on a certificate, the applicant is asked for another."""

    PREPARED = "prepared"
    NEEDED = "needed"


class Photo(Aggregate, Base):
    """One for each application whose file has come in; `id` is the application's.

    `document_id` is the photo it was made of, or that was refused. `key` and `sha256` are of the JPEG in the store,
    empty until one could be made; `reason` says why another is needed.
    """

    __tablename__ = "photos"
    __table_args__ = (Index("ix_photos_state_updated_at", "state", "updated_at"),)
    subject_kind: ClassVar[str] = "photo"

    id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"), primary_key=True)
    state: Mapped[PhotoState] = mapped_column(word_column(PhotoState, 40))
    document_id: Mapped[UUID | None] = mapped_column(default=None)
    key: Mapped[str] = mapped_column(String(200), default="", index=True)
    sha256: Mapped[str] = mapped_column(String(64), default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    application: Mapped[Application] = relationship(lazy="joined", viewonly=True)
