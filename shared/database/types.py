"""Column types that mean the same on PostgreSQL and SQLite."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import JSON, DateTime, Dialect, Enum, MetaData, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator

Json = JSON().with_variant(JSONB(), "postgresql")
"""Any JSON value; JSONB on PostgreSQL."""


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, kept in UTC. A naive one is refused: it could mean anything."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Content = TypeVar("Content")


class JsonOf(TypeDecorator[Content]):
    """A JSON column whose content is a pydantic model, or a list, tuple or dict of models.

    What is read is the model: `form: Mapped[Form] = mapped_column(json_of(Form))`.
    Give the column a new value to change it; a change inside a value in place is not noticed. Models should be frozen.
    Raises pydantic.ValidationError for a row that does not fit: a new field of a model needs a default for old rows.
    """

    impl = Json
    cache_ok = True

    def __init__(self, content: Any) -> None:
        super().__init__()
        self.content = content
        self._adapter: TypeAdapter[Content] = TypeAdapter(content)

    def process_bind_param(self, value: Content | None, _dialect: Dialect) -> Any:
        return None if value is None else self.dump_content(value)

    def dump_content(self, value: Content) -> Any:
        """The JSON that is kept of a value."""
        return self._adapter.dump_python(value, mode="json")

    def process_result_value(self, value: Any, _dialect: Dialect) -> Content | None:
        return None if value is None else self._adapter.validate_python(value)


def json_of(content: Any) -> JsonOf[Any]:
    """The column type of a JSON value that fits `content`: a pydantic model, `list[Model]`, `dict[str, Model]`..."""
    return JsonOf(content)


def word_column(kind: type[StrEnum], length: int = 24) -> Enum:
    """The type of a column that keeps one word of `kind` as text of at most `length`: a new word needs no migration.

    Raises LookupError for a row with a word that `kind` does not know.
    """
    return Enum(kind, native_enum=False, length=length, values_callable=lambda words: [word.value for word in words])


COLUMN_TYPES: dict[Any, Any] = {
    datetime: UtcDateTime,
    UUID: Uuid,
    dict[str, Any]: Json,
    list[Any]: Json,
    list[str]: Json,
    dict[str, str]: Json,
    list[dict[str, Any]]: Json,
}


def named_metadata() -> MetaData:
    """Metadata that names every constraint, so that a migration can find it again."""
    return MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
