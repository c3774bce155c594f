"""What all tables of certificate are made of."""

from sqlalchemy.orm import DeclarativeBase

from shared.database.base import COLUMN_TYPES, named_metadata


class Base(DeclarativeBase):
    """The base of all tables of certificate, in one metadata."""

    metadata = named_metadata()
    type_annotation_map = COLUMN_TYPES
