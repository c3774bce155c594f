"""Fixtures every test may ask for, and what holds for every run of tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from eventlet import patcher
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

import shared.database.migrations  # noqa: F401 - declares the tables of every service, which fixtures create
from shared.security.allowances import open_allowances
from shared.settings import settings
from tests.compiled_once import share_compiled_statements, share_compiled_templates
from tests.empty_parts import encode_empty_parts_whole
from tests.service_keys import keys_of_every_service

pytest_plugins = ("tests.servers.fixtures",)

# hypothesis would fail an example that took 200 ms, or ones that are long in the making, as on a busy machine
hypothesis_settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("untimed")

PATCHED = ("os", "select", "socket", "thread", "time")


def pytest_configure() -> None:
    share_compiled_statements()
    share_compiled_templates()
    encode_empty_parts_whole()


def pytest_collection_finish(session: pytest.Session) -> None:
    """Refuse to run in a process that eventlet has patched.

    A test module that imports a process made to be started on its own patches the tests with it; programs that tests
    start and wait for then stand still. What both need belongs in a module of its own.
    """
    if patched := [name for name in PATCHED if patcher.is_monkey_patched(name)]:
        raise pytest.UsageError(f"a test module patched {', '.join(patched)} of this process with eventlet")


@pytest.fixture(scope="session", autouse=True)
def service_keys() -> Iterator[Path]:
    """Keys of every service, for this process and those it starts: whatever is published is signed."""
    with keys_of_every_service() as folder:
        settings.cache_clear()  # modules that were collected may have asked for them, without these keys
        yield folder


@pytest.fixture(autouse=True)
def _no_counts_of_others() -> Iterator[None]:
    """What one test used up is not missing in the next."""
    open_allowances.cache_clear()
    yield
    open_allowances.cache_clear()
