"""The base class of decision's tables."""

from typing import Annotated

from sqlalchemy.orm import DeclarativeBase, mapped_column

from shared.contracts.words import Judgement
from shared.database.base import COLUMN_TYPES, named_metadata
from shared.database.types import json_of

Judgements = Annotated[dict[str, Judgement], mapped_column(json_of(dict[str, Judgement]))]
"""A JSON column: unit code -> K or BK."""


class Base(DeclarativeBase):
    """The base class of decision's tables."""

    metadata = named_metadata()
    type_annotation_map = COLUMN_TYPES
