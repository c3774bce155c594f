"""A relay with nothing to do stays connected."""

import threading
from typing import Any

import pytest

from shared.database.base import SharedBase
from shared.database.unit import Database
from shared.messaging import relay
from shared.messaging.topology import connect_broker
from shared.settings import Settings, settings

HEARTBEAT_SECONDS = 1


def test_an_idle_relay_hears_the_brokers_heartbeats_and_keeps_its_connection(
    rabbitmq_url: str, postgres_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """This failure mode means a connection lost and made again every 40 s, and events that wait for it meanwhile."""
    monkeypatch.setenv("KOMPETEN_BROKER_URL", rabbitmq_url)
    monkeypatch.setenv("KOMPETEN_RELAY_POLL_SECONDS", "0.1")
    settings.cache_clear()
    connections = []

    def counted(config: Settings, **options: Any) -> Any:
        connection = connect_broker(config, **options)
        connection.heartbeat = HEARTBEAT_SECONDS
        connections.append(connection)
        return connection

    monkeypatch.setattr(relay, "connect_broker", counted)
    database = Database("registration", postgres_database)
    SharedBase.metadata.create_all(database.engine)
    idle = relay.Relay(database)
    thread = threading.Thread(target=idle.run)
    thread.start()
    thread.join(5 * HEARTBEAT_SECONDS)
    idle.stop()
    thread.join(10)
    database.close()
    settings.cache_clear()
    assert not thread.is_alive()
    assert len(connections) == 1
