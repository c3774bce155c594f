"""What is written down of a failure."""

from sqlalchemy.exc import StatementError

LONGEST = 2000
"""Characters kept of a failure's words."""


def describe_failure(failure: BaseException) -> str:
    """The kind and the words of a failure, fit for a table: without NUL, of bounded length.

    Of a failing statement only the database's own first line is kept: the statement's values may be personal.
    """
    words = str(failure.orig).partition("\n")[0] if isinstance(failure, StatementError) else str(failure)
    clean = words.replace("\x00", "\\0").encode("utf-8", "replace").decode()
    return f"{type(failure).__name__}: {clean}"[:LONGEST]
