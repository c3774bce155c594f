"""`INSERT ... ON CONFLICT`, as both databases have it, each in a dialect of its own in SQLAlchemy."""

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session


def insert_into(session: Session, table: Any) -> Any:
    """An insert into `table` (or its model) that knows `on_conflict_do_nothing` and `on_conflict_do_update`."""
    return (postgresql if session.get_bind().dialect.name == "postgresql" else sqlite).insert(table)
