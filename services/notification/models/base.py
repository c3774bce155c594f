"""The base class of notification's tables."""

import enum
from enum import StrEnum

from sqlalchemy import Enum
from sqlalchemy.orm import DeclarativeBase

from shared.database.base import COLUMN_TYPES, named_metadata


class Base(DeclarativeBase):
    """The base class of notification's tables."""

    metadata = named_metadata()
    type_annotation_map = COLUMN_TYPES


def word_column(kind: type[StrEnum]) -> Enum:
    """A column that keeps the values of `kind` as text."""

    def values(known: type[enum.Enum]) -> list[str]:
        return [str(word.value) for word in known]

    return Enum(kind, native_enum=False, length=24, values_callable=values)
