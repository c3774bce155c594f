"""The certificate service as it runs, killed between sending to a webhook and noting that it did."""

import ssl
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from services.certificate.agencies.commands import subscribing as commands
from services.certificate.agencies.commands.subscribing import AddAgency
from services.certificate.agencies.models import Webhook
from shared.database.unit import Database
from shared.security.actor import SYSTEM
from shared.security.keys import create_keys
from shared.settings import settings
from tests.end_to_end.systems import Process, free_port
from tests.integration.agencies.scene import Body
from tests.unit.certificate.agencies.receiver import Answer, Receiver
from tests.unit.certificate.agencies.scene import told
from tests.unit.certificate.agencies.tls import self_signed

EVENTS = 60


class Service:
    """`kompeten serve certificate`, which may be killed; it believes the certificate of `tls`."""

    def __init__(self, body: Body, folder: Path) -> None:
        self.port = free_port()
        create_keys(folder / "keys")
        self.environment = {
            **body.environment,
            "KOMPETEN_BROKER_URL": body.address,
            "KOMPETEN_DATA_DIR": str(folder),
            "KOMPETEN_OBJECT_STORE_URL": f"file://{folder}/objects",
            "KOMPETEN_TOKEN_PUBLIC_KEY_FILE": str(folder / "keys" / "token-public.pem"),
            "KOMPETEN_LISTEN": f"127.0.0.1:{self.port}",
            "KOMPETEN_TRIAL": "true",
            "KOMPETEN_FEED_SECONDS": "0.1",
            "KOMPETEN_WEBHOOK_FIRST_SECONDS": "0.1",
            "KOMPETEN_WEBHOOK_TIMEOUT_SECONDS": "2",
            "SSL_CERT_FILE": str(self_signed(folder)),
        }
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.tls.load_cert_chain(self.environment["SSL_CERT_FILE"])
        self.log = folder / "certificate.log"
        self.process: Process | None = None

    def launch(self) -> None:
        """Start it; it may be killed again before it answers."""
        self.process = Process(self.environment, self.log, "serve", "certificate")

    def start(self) -> None:
        self.launch()
        assert self.process is not None
        self.process.wait_until_it_answers(f"http://127.0.0.1:{self.port}/certificate/ready")

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()


@pytest.fixture
def service(body: Body, tmp_path: Path) -> Iterator[Service]:
    service = Service(body, tmp_path)
    service.start()
    yield service
    if service.process is not None and service.process.process.poll() is None:
        service.process.kill()


def subscribed(body: Body, url: str, patch: pytest.MonkeyPatch) -> str:
    """An agency with a webhook on this machine, which only a trial system may have; its secret."""
    patch.setenv("KOMPETEN_TRIAL", "true")
    settings.cache_clear()
    with body.database.unit_of_work() as session:
        _, keys = commands.add_agency(session, SYSTEM, AddAgency(name="perpusnas", contact=None, webhook_url=url))
        commands.settle_agency(session, "perpusnas")
    return keys.webhook_secret


@pytest.mark.timeout(240)
def test_killed_between_sending_and_noting_it_loses_nothing(
    body: Body, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """This failure mode means an event was sent and nobody remembers: it comes again, as the same message."""
    kills = {10, 25, 26, 45}

    def answer(before: int) -> Answer:
        if before in kills:
            service.kill()
        return Answer(204)

    with Receiver(answer, service.tls) as receiver:
        secret = subscribed(body, receiver.url, monkeypatch)
        ids = [told(body.database) for _ in range(EVENTS)]
        restarts = 0
        end = time.monotonic() + 150
        while position(body.database) < EVENTS and time.monotonic() < end:
            if service.process is not None and service.process.process.poll() is not None:
                release(body.database)
                service.launch()
                restarts += 1
            time.sleep(0.05)
    assert restarts == len(kills)
    assert list(dict.fromkeys(receiver.ids)) == ids, "in order, none missing"
    assert len(receiver.ids) - EVENTS == len(kills), "each kill repeats the one message it hit"
    assert [request.verified(secret)["id"] for request in receiver.requests] == receiver.ids


def position(database: Database) -> int:
    with database.reading() as session:
        return session.scalars(select(Webhook.position)).one()


def release(database: Database) -> None:
    """As if the lease of the one that died had run out."""
    with database.unit_of_work() as session:
        for webhook in session.scalars(select(Webhook)):
            webhook.lease = webhook.lease_until = None
