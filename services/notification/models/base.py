"""The base class of notification's tables."""

from sqlalchemy.orm import DeclarativeBase

from shared.database.base import COLUMN_TYPES, named_metadata


class Base(DeclarativeBase):
    """The base class of notification's tables."""

    metadata = named_metadata()
    type_annotation_map = COLUMN_TYPES
