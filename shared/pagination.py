"""Lists in pages: the same for the API, the tables on screen and the queries behind them."""

from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from shared.pasted_text import tidy_code, tidy_line

T = TypeVar("T")

PAGES = 100_000
SIZE = 20


class PageQuery(BaseModel):
    """What part of a list is asked for. `sort` is a column's name, with `-` before it for descending."""

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True)

    page: int = Field(1, ge=1, le=PAGES, description="Page, from 1.")
    size: int = Field(SIZE, ge=1, le=100, description="Rows on a page.")
    q: str = Field("", max_length=100, description="Words to look for.")
    status: str = Field("", max_length=60, description="Only rows in this state.")
    sort: str = Field("", max_length=60, description="Column to sort by; `-` before it: descending.")


class Page(BaseModel, Generic[T]):
    """One page of a list and how long the whole is."""

    items: Sequence[T]
    page: int
    size: int
    total: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.size))

    @property
    def first(self) -> int:
        """Number of the first row shown, from 1; 0 of an empty list."""
        return (self.page - 1) * self.size + 1 if self.items else 0

    @property
    def last(self) -> int:
        return self.first + len(self.items) - 1 if self.items else 0


def paginate(
    session: Session,
    statement: Select[Any],
    query: PageQuery,
    make: Callable[[Any], T],
    *,
    sorts: dict[str, InstrumentedAttribute[Any]] | None = None,
) -> Page[T]:
    """The asked page of the entities that `statement` selects, each turned into what is shown by `make`.

    `sorts` names the columns one may sort by, the first one being the order when nothing (or something unknown) is
    asked; give the statement's own `order_by` for more.
    """
    # Counted without the order, which PostgreSQL would else sort all rows for.
    total = session.scalar(select(func.count()).select_from(statement.order_by(None).subquery())) or 0
    if sorts:
        name = query.sort.removeprefix("-")
        column = sorts.get(name)
        if column is not None:
            statement = statement.order_by(None).order_by(column.desc() if query.sort.startswith("-") else column.asc())
        elif not statement._order_by_clauses:
            statement = statement.order_by(next(iter(sorts.values())).asc())
    rows = session.scalars(statement.limit(query.size).offset((query.page - 1) * query.size)).all()
    return Page(items=[make(row) for row in rows], page=query.page, size=query.size, total=total)


def like_pattern(text: str) -> str:
    """`text` as a LIKE pattern that finds it anywhere, with its own % and _ taken literally (escape character `\\`)."""
    for special in ("\\", "%", "_"):
        text = text.replace(special, "\\" + special)
    return f"%{text}%"


def contains_text(words: str, *columns: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    """That one of `columns` holds `words` somewhere, capitals or not; % and _ in them are letters like others.

    Words are looked for as they were written, for texts that are kept so, and in plain signs, as names and numbers are.
    """
    patterns = {like_pattern(form) for form in (words, tidy_line(words), tidy_code(words))}
    return or_(*(column.ilike(pattern, escape="\\") for column in columns for pattern in sorted(patterns)))
