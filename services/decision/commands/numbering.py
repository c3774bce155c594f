"""Numbers taken under a row lock: without a gap, without a duplicate, however many take them at once."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from services.decision.models import Counter
from shared.database.upsert import insert_into


def take_numbers(session: Session, name: str, count: int = 1) -> range:
    """The next `count` numbers of `name`, counted from 1, for this transaction alone.

    They fall back with the transaction when it fails. The counter's row stays locked until the commit, so this also
    lets one at a time through where order matters.
    """
    session.execute(insert_into(session, Counter.__table__).values(name=name, value=0).on_conflict_do_nothing())
    statement = update(Counter).where(Counter.name == name).values(value=Counter.value + count).returning(Counter.value)
    last: int = session.execute(statement, execution_options={"synchronize_session": False}).scalar_one()
    return range(last - count + 1, last + 1)
