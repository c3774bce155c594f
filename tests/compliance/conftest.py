"""The two stacks."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from shared.security.keys import create_keys
from shared.settings import settings
from tests.compliance.stacks import Stack, stack_at


@pytest.fixture(scope="session")
def shared_servers(postgres_url: Callable[[], str], rabbitmq_url: str) -> tuple[str, str]:
    """A database and a vhost, emptied before each test: to make them anew takes seconds."""
    return postgres_url(), rabbitmq_url


@pytest.fixture(params=["servers", "embedded"])
def stack(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stack]:
    """PostgreSQL with RabbitMQ, then SQLite with the broker in memory."""
    if request.param == "servers":
        database, broker = request.getfixturevalue("shared_servers")
    else:
        database, broker = f"sqlite:///{tmp_path}/ledger.sqlite3", "memory://localhost"
    with stack_at(request.param, database, broker) as stack:
        yield stack


@pytest.fixture
def servers(shared_servers: tuple[str, str]) -> Iterator[Stack]:
    """PostgreSQL with RabbitMQ alone, for what only they can do."""
    with stack_at("servers", *shared_servers) as stack:
        yield stack


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A data folder with keys in it, for tables with encrypted columns."""
    monkeypatch.setenv("KOMPETEN_DATA_DIR", str(tmp_path))
    settings.cache_clear()
    create_keys(tmp_path / "keys")
    yield tmp_path
    settings.cache_clear()
