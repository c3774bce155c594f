"""The base class of assessment's tables."""

from enum import StrEnum

from sqlalchemy import Enum
from sqlalchemy.orm import DeclarativeBase

from shared.database.base import COLUMN_TYPES, named_metadata


class Base(DeclarativeBase):
    """The base class of assessment's tables."""

    metadata = named_metadata()
    type_annotation_map = COLUMN_TYPES


def word_column(kind: type[StrEnum]) -> Enum:
    """A column of one of these words, kept as text so that a new word needs no migration."""
    return Enum(
        kind,
        native_enum=False,
        create_constraint=False,
        validate_strings=True,
        length=30,
        values_callable=lambda members: [member.value for member in members],
    )
