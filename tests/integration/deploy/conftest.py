"""The deployment's own scripts, run as the compose file runs them."""

import importlib.util
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import quote

import pytest
from kombu import Connection

from kompeten.services import NAMES
from kompeten.topology import declare_topology
from tests.servers.own_rabbitmq import OwnRabbitMQ

PROJECT = Path(__file__).parents[3]
ADMIN = "kompeten-admin"
amqp: Any = importlib.import_module("amqp")


@pytest.fixture(scope="module")
def secrets_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Secret files, each with a value of its own."""
    folder = tmp_path_factory.mktemp("secrets")
    names = [f"{kind}_{service}_password" for kind in ("postgres", "rabbitmq") for service in NAMES]
    names += ["postgres_owner_password", "postgres_backup_password", "rabbitmq_topology_password"]
    names += ["store_secret_key", "store_access_key"]
    for name in names:
        (folder / name).write_text(f"contoh-{name}'\\%\n")
    return folder


@pytest.fixture(scope="module")
def script() -> Callable[[str], ModuleType]:
    """A Python file of deploy/ as a module."""

    def load(path: str) -> ModuleType:
        file = PROJECT / "deploy" / path
        spec = importlib.util.spec_from_file_location(f"deploy_{file.stem}", file)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[spec.name] = module
        spec.loader.exec_module(module)
        return module

    return load


@pytest.fixture(scope="module")
def broker(secrets_folder: Path, script: Callable[[str], ModuleType]) -> Iterator[OwnRabbitMQ]:
    """A broker as the deployment starts it, after the step that makes its users."""
    with OwnRabbitMQ() as server:
        password = "contoh-admin"
        (secrets_folder / "rabbitmq_admin_password").write_text(password)
        server.ask("PUT", f"/api/users/{ADMIN}", {"password": password, "tags": "administrator"})
        users = script("rabbitmq/users.py")
        environment = {
            "KOMPETEN_BROKER_MANAGEMENT_URL": f"http://127.0.0.1:{server.management_port}",
            "SECRETS": str(secrets_folder),
        }
        assert users.main(environment) == 0
        assert users.main(environment) == 0
        with Connection(address(server, secrets_folder, "topology")) as connection:
            declare_topology(connection)
        yield server


def address(server: OwnRabbitMQ, secrets: Path, user: str) -> str:
    password = quote((secrets / f"rabbitmq_{user}_password").read_text().strip(), safe="")
    return f"amqp://{user}:{password}@127.0.0.1:{server.port}/kompeten"


@pytest.fixture
def channel_of(broker: OwnRabbitMQ, secrets_folder: Path) -> Iterator[Callable[[str], Any]]:
    opened: list[Any] = []

    def channel(user: str) -> Any:
        connection = amqp.Connection(
            host=f"127.0.0.1:{broker.port}",
            userid=user,
            password=(secrets_folder / f"rabbitmq_{user}_password").read_text().strip(),
            virtual_host="kompeten",
            confirm_publish=True,
        )
        connection.connect()
        opened.append(connection)
        return connection.channel()

    yield channel
    for connection in opened:
        connection.close()
