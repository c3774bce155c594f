"""One text for one row, and its hash: the same on PostgreSQL and SQLite, and whatever wrote the row.

Canonical JSON: keys sorted, no spaces, UTF-8; moments in UTC with microseconds, numbers without a fraction as integers
(JSONB forgets how they were written). What is empty is left out, so that a column added later, NULL in old rows,
changes no hash that was taken before.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from enum import Enum as Words
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Enum, String, type_coerce

from shared.database.types import Json, JsonOf

LEAF = b"\0"
"""Before what is hashed as a leaf, as in the Merkle tree of the register (RFC 6962 2.1)."""


def hash_row(kind: str, values: Mapping[Any, Any]) -> bytes:
    """The SHA-256 of one row of `kind` (32 bytes)."""
    return sha256(LEAF + f"{kind}\n".encode() + write_canonical_row(values)).digest()


def write_canonical_row(values: Mapping[Any, Any]) -> bytes:
    """The one text of these values, by column. Raises TypeError for what has no such text."""
    plain = {name: _plain(value) for name, value in values.items() if value is not None}
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode(
        "utf-8", "surrogatepass"
    )


def raw_columns(columns: Sequence[Column[Any]]) -> list[Any]:
    """What to select, to get words and JSON as they lie in the database, whether or not they fit today's models."""
    return [_raw(column) for column in columns]


def stored_value(column: Column[Any], value: Any) -> Any:
    """What the column of an object that was just written holds in the database, as `raw_columns` would read it."""
    if isinstance(column.type, JsonOf) and value is not None:
        return column.type.dump_content(value)
    return value


def _raw(column: Column[Any]) -> Any:
    if isinstance(column.type, JsonOf):
        return type_coerce(column, Json).label(column.name)
    if isinstance(column.type, Enum):
        return type_coerce(column, String()).label(column.name)
    return column


def _plain(value: Any) -> Any:
    match value:
        case Words():
            return value.value
        case None | bool() | int() | str():
            return value
        case float():
            return int(value) if value.is_integer() else value
        case datetime():
            if value.tzinfo is None:
                raise TypeError("a moment needs its time zone")
            return value.astimezone(UTC).isoformat(timespec="microseconds")
        case date():
            return value.isoformat()
        case UUID():
            return str(value)
        case bytes():
            return value.hex()
        case Mapping():
            return {str(key): _plain(inner) for key, inner in value.items()}
        case list() | tuple():
            return [_plain(inner) for inner in value]
    raise TypeError(f"{type(value).__name__} has no canonical text")
