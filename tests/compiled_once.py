"""SQLite engines of one process of tests that compile each statement once, not once for each test's own database."""

from typing import Any

from sqlalchemy import Engine, create_engine

from shared.database import connections

STATEMENTS = 5_000


def share_compiled_statements() -> None:
    """From now on every SQLite engine of this process keeps its compiled statements in one place.

    Nearly every test has a database, and so an engine, of its own; half of the time of a test went into compiling
    statements that the test before had compiled, too. SQLAlchemy keeps them by dialect, so that is shared as well.
    """
    shared = create_engine("sqlite://", query_cache_size=STATEMENTS)
    shared.connect().close()  # the dialect learns what this SQLite can do

    def create(url: str, **options: Any) -> Engine:
        engine = create_engine(url, **options)
        if engine.dialect.name == "sqlite":
            engine.dialect, engine._compiled_cache = shared.dialect, shared._compiled_cache
        return engine

    setattr(connections, "create_engine", create)  # noqa: B010 - not its own name there
