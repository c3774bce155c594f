"""The database of the service that answers the request."""

from contextlib import AbstractContextManager

from flask import current_app
from sqlalchemy.orm import Session

from shared.database.unit import Database


def current_database() -> Database:
    """The database of the service that answers the request."""
    found: Database = current_app.extensions["kompeten.database"]
    return found


def unit_of_work() -> AbstractContextManager[Session]:
    """A session on it for one `with` block: commits when the block ends, rolls back when it raises."""
    return current_database().unit_of_work()


def reading() -> AbstractContextManager[Session]:
    """A session on it for one `with` block that only reads."""
    return current_database().reading()
