"""A certification body's broker and database, and agencies made by the command as an operator makes them."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from kombu import Connection
from sqlalchemy import func, select

from kompeten.schema import migrate_database
from kompeten.topology import declare_topology
from shared.database.unit import Database
from shared.messaging.management import Broker
from shared.messaging.models import OutboxRow
from shared.messaging.relay import publish_waiting
from shared.security.keys import create_keys
from shared.settings import settings
from tests.end_to_end.systems import KOMPETEN, ROOT
from tests.servers.own_rabbitmq import OwnRabbitMQ
from tests.unit.certificate.agencies.scene import told

ADMIN, PASSWORD, VHOST = "kompeten-admin", "sandi-contoh/penyelia", "kompeten"


@dataclass
class Body:
    """`environment` is that of the command's container, `history` all that was told."""

    broker: OwnRabbitMQ
    database: Database
    environment: dict[str, str]
    history: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        """The broker for ourselves."""
        return self.broker.url_of(VHOST)

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """`kompeten agency ...`"""
        return subprocess.run(
            [KOMPETEN, "agency", *arguments],
            env=self.environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=60,
        )

    def agency(self, *arguments: str) -> dict[str, str]:
        """The settings that `kompeten agency ...` prints."""
        done = self.run(*arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        lines = [line for line in done.stdout.splitlines() if "=" in line and not line.startswith("#")]
        return dict(line.split("=", 1) for line in lines)

    def tell(self, times: int) -> list[str]:
        """Lets public events happen and be published; their ids."""
        ids = [told(self.database) for _ in range(times)]
        self.history += ids
        end = time.monotonic() + 30
        while self.publish() and time.monotonic() < end:
            time.sleep(0.2)
        return ids

    def publish(self) -> int:
        """What the relay does, once; how many events are left that the broker did not take."""
        with Connection(self.address) as connection:
            publish_waiting(self.database, connection)
        with self.database.reading() as session:
            return session.scalar(select(func.count()).where(OutboxRow.published_at.is_(None))) or 0


@contextmanager
def body_on(broker: OwnRabbitMQ, database_url: str, folder: Path) -> Iterator[Body]:
    """A certification body that has told nothing yet, in this process and for its commands."""
    broker.clear()
    prepare(broker)
    create_keys(folder / "keys")
    environment = environment_of(broker, database_url, folder, folder / "keys")
    database = Database("certificate", database_url)
    migrate_database(database)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        settings.cache_clear()
        yield Body(broker, database, environment)
    settings.cache_clear()
    database.close()


def prepare(broker: OwnRabbitMQ) -> None:
    """As deploy/rabbitmq/users.py and `kompeten topology declare` do; `guest` stays, for the test's own use."""
    broker.ask("PUT", f"/api/users/{ADMIN}", {"password": PASSWORD, "tags": "administrator"})
    with Broker(f"http://127.0.0.1:{broker.management_port}", ADMIN, PASSWORD, VHOST) as management:
        management.wait_until_ready(30)
        management.put_setting(f"vhosts/{VHOST}", {})
        management.put_setting(f"permissions/{VHOST}/guest", {"configure": ".*", "write": ".*", "read": ".*"})
        management.put_setting(f"permissions/{VHOST}/{ADMIN}", {"configure": ".*", "write": ".*", "read": ".*"})
    with Connection(broker.url_of(VHOST)) as connection:
        declare_topology(connection)


def environment_of(broker: OwnRabbitMQ, database_url: str, folder: Path, keys: Path) -> dict[str, str]:
    (folder / "admin").write_text(PASSWORD)
    return {
        "KOMPETEN_DATABASE_URL": database_url,
        "KOMPETEN_BROKER_URL": f"amqp://127.0.0.1:{broker.port}/{VHOST}",
        "KOMPETEN_BROKER_MANAGEMENT_URL": f"http://127.0.0.1:{broker.management_port}",
        "KOMPETEN_BROKER_PUBLIC_URL": f"amqp://127.0.0.1:{broker.port}/{VHOST}",
        "KOMPETEN_BROKER_ADMIN": ADMIN,
        "KOMPETEN_BROKER_ADMIN_PASSWORD_FILE": str(folder / "admin"),
        "KOMPETEN_ENCRYPTION_KEYS_DIR": str(keys / "encryption"),
        "KOMPETEN_PUBLIC_URL": "https://lsp.contoh.test",
    }
