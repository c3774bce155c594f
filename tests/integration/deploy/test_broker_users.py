"""What the broker's users may do, once users.py has run."""

import importlib
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from kombu import Connection

from kompeten.services import NAMES
from shared.messaging.management import Broker
from shared.messaging.topology import declare_where_allowed
from tests.integration.deploy.conftest import ADMIN, address
from tests.servers.own_rabbitmq import OwnRabbitMQ

amqp: Any = importlib.import_module("amqp")


def message() -> Any:
    return amqp.Message("{}", delivery_mode=2)


REFUSED = amqp.AccessRefused


def test_a_service_publishes_its_own_facts(channel_of: Callable[[str], Any]) -> None:
    channel_of("registration").basic_publish(
        message(), exchange="kompeten.events", routing_key="id.kompeten.registration.contoh.v1"
    )


def test_a_service_cannot_publish_in_anothers_name(channel_of: Callable[[str], Any]) -> None:
    with pytest.raises(REFUSED):
        channel_of("registration").basic_publish(
            message(), exchange="kompeten.events", routing_key="id.kompeten.decision.contoh.v1"
        )


def test_only_certificate_publishes_to_other_agencies(channel_of: Callable[[str], Any]) -> None:
    key = "id.kompeten.public.certificate_issued.v1"
    channel_of("certificate").basic_publish(message(), exchange="kompeten.public", routing_key=key)
    with pytest.raises(REFUSED):
        channel_of("registration").basic_publish(message(), exchange="kompeten.public", routing_key=key)


def test_a_service_reads_its_own_queue_and_no_other(channel_of: Callable[[str], Any]) -> None:
    channel_of("decision").basic_get("kompeten.decision")
    with pytest.raises(REFUSED):
        channel_of("decision").basic_get("kompeten.certificate")


def test_a_service_declares_and_deletes_nothing(channel_of: Callable[[str], Any]) -> None:
    with pytest.raises(REFUSED):
        channel_of("decision").queue_declare("kompeten.extra", durable=True, auto_delete=False)
    with pytest.raises(REFUSED):
        channel_of("decision").queue_delete("kompeten.decision")
    with pytest.raises(REFUSED):
        channel_of("decision").exchange_delete("kompeten.events")


def test_a_declaration_by_a_service_is_left_to_who_may(broker: OwnRabbitMQ, secrets_folder: Path) -> None:
    """Services declare on every connection; where they have no right to, the topology step has done it."""
    with Connection(address(broker, secrets_folder, "decision")) as connection:
        assert not declare_where_allowed(connection)
        connection.channel().basic_get("kompeten.decision")
    with Connection(address(broker, secrets_folder, "topology")) as connection:
        assert declare_where_allowed(connection)


def test_no_user_of_ours_may_administer_and_guest_is_gone(broker: OwnRabbitMQ) -> None:
    listed = broker.control("list_users", "-q", "--no-table-headers")
    tags = {line.split("\t")[0]: line.split("\t")[1] for line in listed.splitlines()}
    assert tags[ADMIN] == "[administrator]"
    assert {tags[name] for name in (*NAMES, "topology")} == {"[]"}
    assert "guest" not in tags


def test_every_work_queue_is_under_the_policy_that_drops_nothing(broker: OwnRabbitMQ) -> None:
    listed = broker.control("list_queues", "-q", "--no-table-headers", "-p", "kompeten", "name", "policy")
    policies = dict(line.split("\t") for line in listed.splitlines())
    assert {policies[f"kompeten.{service}"] for service in NAMES} == {"kompeten-never-drop"}
    assert policies["kompeten.dead"] == "kompeten-keep-rejected", "looking at what was rejected is a delivery, too"
    assert policies["kompeten.public.stream"] == ""


def test_what_no_reader_listens_to_any_more_is_unbound(
    broker: OwnRabbitMQ, secrets_folder: Path, script: Callable[[str], ModuleType]
) -> None:
    """This failure mode means that events of a kind that was given up lie dead in the inbox of who listened once."""
    url, password = (
        f"http://127.0.0.1:{broker.management_port}",
        (secrets_folder / "rabbitmq_admin_password").read_text(),
    )
    path = "bindings/kompeten/e/kompeten.events/q/kompeten.decision"
    with Broker(url, ADMIN, password, "kompeten") as management:
        kept = {binding["routing_key"] for binding in management.client.get(path).json()}
        management.client.post(path, json={"routing_key": "id.kompeten.registration.given_up.v1"}).raise_for_status()
        environment = {"KOMPETEN_BROKER_MANAGEMENT_URL": url, "SECRETS": str(secrets_folder)}
        assert script("rabbitmq/users.py").main(environment) == 0
        assert {binding["routing_key"] for binding in management.client.get(path).json()} == kept


def test_the_administrator_gets_another_password_by_the_one_in_its_file(
    broker: OwnRabbitMQ, secrets_folder: Path, script: Callable[[str], ModuleType]
) -> None:
    environment = {
        "KOMPETEN_BROKER_MANAGEMENT_URL": f"http://127.0.0.1:{broker.management_port}",
        "SECRETS": str(secrets_folder),
    }
    users, file = script("rabbitmq/users.py"), secrets_folder / "rabbitmq_admin_password"
    before = file.read_text()
    for password in ("contoh-baru", before):
        assert users.change_administrator(environment, password) == 0
        assert users.change_administrator(environment, password) == 0, "as after a rotation that broke off here"
        file.write_text(password)
        assert users.main(environment) == 0, "it may still do everything"
