"""What one process of tests compiles once, not once for each test's own database and application."""

from typing import Any

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import Engine, create_engine

from shared.database import connections
from shared.web import App

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


class _Compiled(BytecodeCache):
    """Templates compiled before, for as long as the process lives; Jinja asks again when a source has changed."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if kept := self._kept.get(bucket.key):
            bucket.bytecode_from_string(kept)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


def share_compiled_templates() -> None:
    """From now on every application of this process takes templates that another one compiled."""
    App.jinja_options = {**App.jinja_options, "bytecode_cache": _Compiled()}
