"""One broker for all; a body of its own for each test, or for a module whose tests don't disturb each other."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.agencies.scene import Body, body_on
from tests.servers.fixtures import FreshDatabase, obtain
from tests.servers.own_rabbitmq import OwnRabbitMQ


@pytest.fixture(scope="package")
def broker() -> Iterator[OwnRabbitMQ]:
    with obtain(OwnRabbitMQ) as broker:
        yield broker


@pytest.fixture
def body(broker: OwnRabbitMQ, postgres_database: str, tmp_path: Path) -> Iterator[Body]:
    """A certification body of this test's own."""
    with body_on(broker, postgres_database, tmp_path) as body:
        yield body


@pytest.fixture(scope="module")
def lasting_body(
    broker: OwnRabbitMQ, postgres_url: FreshDatabase, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Body]:
    """One for the whole module."""
    with body_on(broker, postgres_url(), tmp_path_factory.mktemp("body")) as body:
        yield body
