"""What all tables of certificate are made of."""

from enum import StrEnum

from sqlalchemy import Enum
from sqlalchemy.orm import DeclarativeBase

from shared.database.base import COLUMN_TYPES, named_metadata


def word_column(kind: type[StrEnum]) -> Enum:
    """A column that keeps the values of `kind` as text."""
    return Enum(kind, native_enum=False, length=24, values_callable=lambda known: [word.value for word in known])


class Base(DeclarativeBase):
    """The base of all tables of certificate, in one metadata."""

    metadata = named_metadata()
    type_annotation_map = COLUMN_TYPES
