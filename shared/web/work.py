"""The database of the service that answers the request."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from flask import current_app
from sqlalchemy.orm import Session

from shared.database.unit import Database
from shared.web.idempotency import mark_acted, note_acted

DATABASE = "kompeten.database"
"""Key of the application's extension that is the database its requests work on."""


def current_database() -> Database:
    """The database of the service that answers the request."""
    found: Database = current_app.extensions[DATABASE]
    return found


@contextmanager
def unit_of_work() -> Iterator[Session]:
    """A session on it for one `with` block: commits when the block ends, rolls back when it raises.

    With what is done stands, in the same transaction, that the request was done (`idempotency.py`).
    """
    with current_database().unit_of_work() as session:
        yield session
        mark_acted(session)
    note_acted()


def noting_look() -> AbstractContextManager[Session]:
    """A session on it for one `with` block that reads, and notes that it was looked at: no act, so the request is not
    done by it. For pages that show a record above a form which may still be refused.
    """
    return current_database().unit_of_work()


def reading() -> AbstractContextManager[Session]:
    """A session on it for one `with` block that only reads."""
    return current_database().reading()
