"""The base class of registration's tables."""

from enum import StrEnum

from sqlalchemy import Enum
from sqlalchemy.orm import DeclarativeBase

from shared.database.base import COLUMN_TYPES, named_metadata


class Base(DeclarativeBase):
    """Registration's tables share its metadata, which the migrations are compared with."""

    metadata = named_metadata()
    type_annotation_map = COLUMN_TYPES


def word_column(kind: type[StrEnum]) -> Enum:
    """Return the type of a column that holds one word of `kind` as text: a new word needs no migration."""
    return Enum(
        kind,
        native_enum=False,
        create_constraint=False,
        length=40,
        values_callable=lambda words: [w.value for w in words],
    )
