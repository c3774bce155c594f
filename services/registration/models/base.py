"""The base class of registration's tables."""

from sqlalchemy.orm import DeclarativeBase

from shared.database.base import COLUMN_TYPES, named_metadata


class Base(DeclarativeBase):
    """Registration's tables share its metadata, which the migrations are compared with."""

    metadata = named_metadata()
    type_annotation_map = COLUMN_TYPES
