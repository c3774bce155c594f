"""Numbers taken under a row lock: without a gap, without a duplicate, however many take them at once."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from services.decision.models import Counter


def take(session: Session, name: str, count: int = 1) -> range:
    """The next `count` numbers of `name`, from 1. They fall back with the transaction when it fails.

    The counter's row stays locked until the commit, so this also lets one at a time through where order matters.
    """
    insert: Callable[..., Any] = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    session.execute(insert(Counter.__table__).values(name=name, value=0).on_conflict_do_nothing())
    statement = update(Counter).where(Counter.name == name).values(value=Counter.value + count).returning(Counter.value)
    last: int = session.execute(statement, execution_options={"synchronize_session": False}).scalar_one()
    return range(last - count + 1, last + 1)
