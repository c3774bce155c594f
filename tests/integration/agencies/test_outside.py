"""The broker's door for other agencies, as deploy/rabbitmq/outside.conf opens it: TLS, and the name is compared."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from kombu import Connection

from tests import node
from tests.end_to_end.systems import ROOT
from tests.integration.agencies.scene import VHOST, prepare
from tests.servers.fixtures import obtain
from tests.servers.own_rabbitmq import OwnRabbitMQ
from tests.servers.processes import free_ports
from tests.unit.certificate.agencies.tls import self_signed

EXAMPLES = ROOT / "examples" / "agency"


def opened(broker: OwnRabbitMQ, certificate: Path, port: int) -> None:
    """The deployment's own file, with this machine's certificate and port in it."""
    conf = (ROOT / "deploy" / "rabbitmq" / "outside.conf").read_text()
    conf = conf.replace("/run/secrets/broker_certificate", str(certificate))
    both = f"listeners.ssl.1 = 127.0.0.1:{port}\nlisteners.ssl.2 = 127.0.0.2:{port}"
    conf = conf.replace("/run/secrets/broker_key", str(certificate)).replace("listeners.ssl.default = 5671", both)
    folder = broker.directory / "conf.d"
    folder.mkdir()
    (folder / "50-outside.conf").write_text(conf)


def in_python(address: str, folder: Path, environment: dict[str, str]) -> subprocess.Popen[str]:
    command = [sys.executable, str(EXAMPLES / "python" / "subscriber.py"), str(folder / "events.sqlite3")]
    return subprocess.Popen(
        command, env={**environment, "AMQP_URL": address}, stderr=subprocess.PIPE, text=True, cwd=ROOT
    )


def in_node(address: str, folder: Path, environment: dict[str, str]) -> subprocess.Popen[str]:
    (folder / "subscriber.mjs").write_bytes((EXAMPLES / "node" / "subscriber.mjs").read_bytes())
    (folder / "node_modules").symlink_to(node.MODULES)
    command = [node.node(), str(folder / "subscriber.mjs"), str(folder / "events.jsonl")]
    trusted = {"NODE_EXTRA_CA_CERTS": environment["SSL_CERT_FILE"]} if "SSL_CERT_FILE" in environment else {}
    return subprocess.Popen(
        command, env={**environment, **trusted, "AMQP_URL": address}, stderr=subprocess.PIPE, text=True
    )


@pytest.mark.parametrize("example", [in_python, in_node])
def test_an_agency_reads_over_tls_and_only_from_who_is_vouched_for(
    example: Callable[[str, Path, dict[str, str]], "subprocess.Popen[str]"], tmp_path: Path
) -> None:
    certificate = self_signed(tmp_path)
    (port,) = free_ports(1)
    with_trust = {"PATH": os.environ["PATH"], "SSL_CERT_FILE": str(certificate)}
    broker = obtain(OwnRabbitMQ)
    opened(broker, certificate, port)
    with broker:
        prepare(broker)
        address = f"amqps://guest:guest@127.0.0.1:{port}/{VHOST}"
        assert connects(example, address, tmp_path / "trusting", with_trust, broker)
        assert not connects(example, address, tmp_path / "doubting", {"PATH": os.environ["PATH"]}, broker)
        other_name = address.replace("127.0.0.1", "127.0.0.2")
        assert not connects(example, other_name, tmp_path / "other", with_trust, broker)
        with Connection(broker.url_of(VHOST)) as plain:
            plain.connect()


def connects(
    example: Callable[[str, Path, dict[str, str]], "subprocess.Popen[str]"],
    address: str,
    folder: Path,
    environment: dict[str, str],
    broker: OwnRabbitMQ,
) -> bool:
    """Whether the broker sees it come in, within its first tries."""
    folder.mkdir()
    process = example(address, folder, environment)
    try:
        looks = (broker.control("list_connections", "-q", "--no-table-headers", "ssl") for _ in range(20))
        return any("true" in found for found in looks)
    finally:
        process.kill()
        process.communicate(timeout=10)
