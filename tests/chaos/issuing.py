"""A certificate service to break: orders that wait for their certificates, and what must hold afterwards."""

import hashlib
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kombu import Connection, Queue
from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from kompeten.schema import migrate_database
from kompeten.topology import declare_topology
from services.certificate.domain.states import State
from services.certificate.models import Certificate, Order
from shared.contracts import Envelope
from shared.credentials.keys import create_credential_key
from shared.database.unit import Database
from shared.documents.authority import CHAIN, KEY, create_demo_authority
from shared.messaging.models import OutboxRow
from shared.messaging.topology import PUBLIC
from shared.objectstore.choice import choose_store
from shared.security.keys import create_keys
from shared.settings import Settings
from tests.chaos.ledger import ROOT, until
from tests.servers.fresh import Bucket
from tests.unit.certificate.scene import Candidate, cleared

ISSUED = "id.kompeten.public.certificate_issued.v1"


class Issuing:
    """One certificate service's database, broker and store, and the processes that a test starts on them."""

    def __init__(self, database_url: str, broker_url: str, bucket: Bucket, folder: Path) -> None:
        create_keys(folder / "keys")
        create_demo_authority(folder / "signing")
        create_credential_key(folder / "signing" / "credential-key.pem")
        (folder / "access").write_text(bucket.server.access_key)
        (folder / "secret").write_text(bucket.server.secret_key)
        self.environment = {
            "KOMPETEN_DATA_DIR": str(folder),
            "KOMPETEN_DATABASE_URL": database_url,
            "KOMPETEN_BROKER_URL": broker_url,
            "KOMPETEN_OBJECT_STORE_URL": bucket.object_store_url,
            "KOMPETEN_OBJECT_STORE_REGION": bucket.server.region,
            "KOMPETEN_OBJECT_STORE_ACCESS_KEY_FILE": str(folder / "access"),
            "KOMPETEN_OBJECT_STORE_SECRET_KEY_FILE": str(folder / "secret"),
            "KOMPETEN_SIGNING_KEY_FILE": str(folder / "signing" / KEY),
            "KOMPETEN_SIGNING_CHAIN_FILE": str(folder / "signing" / CHAIN),
            "KOMPETEN_CREDENTIAL_KEY_FILE": str(folder / "signing" / "credential-key.pem"),
            "KOMPETEN_TOKEN_PUBLIC_KEY_FILE": str(folder / "keys" / "token-public.pem"),
            "KOMPETEN_LISTEN": "127.0.0.1:0",
            "KOMPETEN_JOB_LEASE_SECONDS": "2",
            "KOMPETEN_JOB_POLL_SECONDS": "0.2",
            "KOMPETEN_RELAY_POLL_SECONDS": "0.2",
            "KOMPETEN_RETRY_FIRST_SECONDS": "0.2",
        }
        self.folder = folder
        given = {name.removeprefix("KOMPETEN_").lower(): value for name, value in self.environment.items()}
        self.store = choose_store(Settings.model_validate(given))
        self.database = Database("certificate", database_url)
        migrate_database(self.database)
        self.heard: list[Envelope] = []
        self._broker = Connection(broker_url)
        declare_topology(self._broker)
        self._queue = Queue("agency-contoh", PUBLIC, routing_key="#", durable=True)(self._broker.channel())
        self._queue.declare()
        self._processes: list[subprocess.Popen[str]] = []

    def clear(self, count: int) -> None:
        """So many orders with everything met."""
        with self.database.unit_of_work() as session:
            for number in range(count):
                cleared(session, Candidate(f"CALON {number} CONTOH"))

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        with (self.folder / f"issuing-{len(self._processes)}.log").open("w") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.chaos.issuing_process", *arguments],
                cwd=ROOT,
                env={**os.environ, **self.environment},
                stdout=log,
                stderr=subprocess.STDOUT,
                text=True,
            )
        self._processes.append(process)
        return process

    def output(self) -> str:
        """The logs of all processes so far."""
        return "\n".join(path.read_text() for path in sorted(self.folder.glob("issuing-*.log")))

    def certificates(self) -> list[Certificate]:
        with self.database.reading() as session:
            every = select(Certificate).order_by(Certificate.serial).options(selectinload(Certificate.versions))
            return list(session.scalars(every))

    def numbered(self) -> int:
        with self.database.reading() as session:
            return session.scalar(select(func.count()).select_from(Certificate)) or 0

    def waiting(self) -> int:
        with self.database.reading() as session:
            return session.scalar(select(func.count()).where(Order.state == "cleared")) or 0

    def done(self, count: int) -> bool:
        """All valid, and all published."""
        with self.database.reading() as session:
            valid = session.scalar(select(func.count()).where(Certificate.state == State.VALID))
            waiting = session.scalar(select(func.count()).where(OutboxRow.published_at.is_(None)))
        return valid == count and waiting == 0

    def issued(self, count: int, seconds: float = 90) -> None:
        try:
            until(lambda: self.done(count), seconds)
        except AssertionError:
            raise AssertionError(self.output()[-4000:]) from None

    def check(self, count: int) -> None:
        """No number lost or doubled, no event without its file, no file the register does not know, all told once."""
        certificates = self.certificates()
        assert [certificate.serial for certificate in certificates] == list(range(1, count + 1))
        assert len({certificate.registration_number for certificate in certificates}) == count
        assert len({certificate.application_id for certificate in certificates}) == count
        versions = [certificate.current for certificate in certificates]
        assert sorted(self.store.keys("certificates/")) == sorted(version.object_key for version in versions)
        for version in versions:
            assert hashlib.sha256(self.store.get(version.object_key)).hexdigest() == version.sha256
        told = Counter(envelope.data["number"] for envelope in self.listen(count))
        assert told == Counter(certificate.number for certificate in certificates)

    def listen(self, count: int) -> list[Envelope]:
        """What another agency heard of certificates issued; a repeated event counts once, by its id."""

        def hear() -> bool:
            while message := self._queue.get(no_ack=True):
                self.heard.append(Envelope.model_validate_json(message.body))
            return len({event.id for event in self.heard}) >= count

        until(hear, 20)
        return list({event.id: event for event in self.heard if event.type == ISSUED}.values())

    def close(self) -> None:
        for process in self._processes:
            process.kill()
            process.wait()
        self._broker.release()
        self.database.close()


@contextmanager
def issuing_at(database_url: str, broker_url: str, bucket: Bucket, folder: Path) -> Iterator[Issuing]:
    issuing = Issuing(database_url, broker_url, bucket, folder)
    try:
        yield issuing
    finally:
        issuing.close()
