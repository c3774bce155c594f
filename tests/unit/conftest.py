"""Keys of a test's own, passwords that are hashed at little cost, and waits that outlast a busy machine."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from shared.security import passwords
from shared.security.keys import create_keys
from shared.settings import settings

PATIENT = (
    "DATABASE_WAIT_SECONDS",
    "DATABASE_STATEMENT_SECONDS",
    "DATABASE_WEB_SECONDS",
    "DATABASE_LOCK_SECONDS",
)


@pytest.fixture(scope="session", autouse=True)
def _cheap_hashes() -> Iterator[None]:
    """What a hash costs is no matter of these tests, and was two fifths of the time of those of the account pages."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "HASHER", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
        yield


@pytest.fixture(scope="session", autouse=True)
def _patient_waits(service_keys: Path) -> Iterator[None]:
    """A wait that ends by the clock fails a test on a machine that stands still; what tests such a wait sets its own.

    Six threads that number certificates at once waited longer than the ten seconds of an installation for each other,
    on two processors that ran another suite beside them.
    """
    with pytest.MonkeyPatch.context() as patch:
        for name in PATIENT:
            patch.setenv(f"KOMPETEN_{name}", "120")
        settings.cache_clear()
        yield
    settings.cache_clear()


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An embedded system's data folder with keys in it."""
    monkeypatch.setenv("KOMPETEN_DATA_DIR", str(tmp_path))
    settings.cache_clear()
    create_keys(tmp_path / "keys")
    yield tmp_path
    settings.cache_clear()
