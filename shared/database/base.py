"""What tables are made of."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID, uuid4

from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

from shared import clock
from shared.database.types import COLUMN_TYPES, Json, UtcDateTime, named_metadata

__all__ = ["COLUMN_TYPES", "Aggregate", "DeclarativeBase", "Json", "SharedBase", "UtcDateTime", "named_metadata"]


class SharedBase(DeclarativeBase):
    """The tables every service has besides its own: outbox, inbox, jobs, audit log, clock, generations."""

    metadata = named_metadata()
    type_annotation_map = COLUMN_TYPES


class Aggregate:
    """A thing with a life of its own that others hear about.

    `version` is the optimistic lock: who changes an older version gets StaleDataError (409 at the edge).
    `sequence` counts the events told of it, so that readers can ignore what is older than what they have.
    """

    subject_kind: ClassVar[str]

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    version: Mapped[int] = mapped_column(nullable=False)
    sequence: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    updated_at: Mapped[datetime] = mapped_column(default=clock.now, onupdate=clock.now)

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, object]:
        return {"version_id_col": cls.version}

    @property
    def subject(self) -> str:
        """`<kind>/<uuid>`, as events and the audit log name it."""
        return f"{self.subject_kind}/{self.id}"
