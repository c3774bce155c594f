"""Changing many rows by one statement, and knowing how many it were."""

from typing import Any, cast

from sqlalchemy import CursorResult, Delete, Update
from sqlalchemy.orm import Session


def change_rows(session: Session, statement: Update | Delete) -> int:
    """Carry out an UPDATE or a DELETE. Returns how many rows it changed.

    Objects that the session has loaded already keep the values they had.
    """
    result = session.execute(statement.execution_options(synchronize_session=False))
    return cast(CursorResult[Any], result).rowcount
