"""Agencies, and public events to tell them."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from services.certificate.agencies.commands import subscribing as commands
from services.certificate.agencies.commands.subscribing import AddAgency, Keys
from services.certificate.agencies.models import Agency
from services.certificate.agencies.webhooks import number_new_events
from shared.database.unit import Database
from shared.security.actor import SYSTEM
from shared.settings import settings
from tests.schema import create_tables
from tests.unit.certificate.agencies.receiver import Receiver
from tests.unit.certificate.agencies.scene import told


@pytest.fixture
def database(data_dir: Path) -> Iterator[Database]:
    """A file: turns are taken in threads, each with a connection of its own."""
    database = Database("certificate", f"sqlite:///{data_dir}/certificate.sqlite3")
    create_tables(database)
    yield database
    database.close()


@pytest.fixture
def trial(data_dir: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A trial system: webhooks may be on this machine; and no long pauses."""
    monkeypatch.setenv("KOMPETEN_TRIAL", "true")
    monkeypatch.setenv("KOMPETEN_WEBHOOK_FIRST_SECONDS", "0.01")
    monkeypatch.setenv("KOMPETEN_WEBHOOK_TIMEOUT_SECONDS", "1")
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.fixture
def receiver(trial: None) -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


@pytest.fixture
def subscribe(database: Database, trial: None) -> Callable[..., tuple[Agency, Keys]]:
    """Makes an agency, as the command does."""

    def subscribe(name: str = "perpusnas", url: str | None = None) -> tuple[Agency, Keys]:
        given = AddAgency(name=name, contact=f"{name}@contoh.test", webhook_url=url)
        with database.unit_of_work() as session:
            agency, keys = commands.add_agency(session, SYSTEM, given)
            commands.settle_agency(session, name)
        return agency, keys

    return subscribe


@pytest.fixture
def happen(database: Database) -> Callable[[int], list[str]]:
    """Lets so many public events happen and be numbered; their ids."""

    def happen(times: int) -> list[str]:
        ids = [told(database) for _ in range(times)]
        number_new_events(database)
        return ids

    return happen
