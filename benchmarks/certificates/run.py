"""From decision to announced: numbered, rendered, signed, stored, told with confirm; one certificate service process.

On real PostgreSQL, RabbitMQ and S3. The clock runs from the first decision published until the last public event is
confirmed; what each step costs is measured afterwards, alone, in this process.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TypeVar
from uuid import uuid4

from kombu import Connection
from sqlalchemy import func, select

from benchmarks.measure import Figure, Figures
from services.certificate import commands, jobs
from services.certificate.models import Certificate
from services.certificate.practice import agreement_text, template
from services.certificate.reactions import reactions
from shared import clock
from shared.contracts import Envelope, Event
from shared.contracts.decision import CertificationDecided
from shared.contracts.registration import SelfAssessmentSubmitted
from shared.contracts.words import Judgement, UnitJudgement
from shared.database.migrations import migrate
from shared.database.unit import Database
from shared.documents import qr, render
from shared.documents.authority import CHAIN, KEY, create_demo_authority
from shared.documents.seals import pem_seal
from shared.documents.signing import Signer
from shared.messaging.models import OutboxRow
from shared.messaging.relay import Publisher
from shared.messaging.topology import declare
from shared.objectstore.choice import chosen
from shared.schemes import schemes
from shared.security.keys import create_keys
from shared.settings import Settings
from tests.servers import available
from tests.servers.fresh import Bucket, Buckets

T = TypeVar("T")
ROOT = Path(__file__).parents[2]
DECIDED = 400
ALONE = 60
SCHEME = schemes().get("layanan-dasar", "2026.1")
ANNOUNCED = "id.kompeten.public.certificate_issued.v1"


def run(database: Callable[[], str], broker: Callable[[], str]) -> Figures:
    """Certificates per second, and milliseconds of each step."""
    buckets = Buckets(available.s3())
    folder = Path(tempfile.mkdtemp(prefix="kompeten-bench-"))
    try:
        bucket = buckets.fresh()
        environment = prepared(folder, database(), broker(), bucket)
        own = Database("certificate", environment["KOMPETEN_DATABASE_URL"])
        migrate(own)
        seconds = decided_to_announced(own, environment, folder)
        return {"certificates.per_second": Figure(DECIDED / seconds, "1/s")} | alone(own, environment, folder)
    finally:
        buckets.drop()


def prepared(folder: Path, database_url: str, broker_url: str, bucket: Bucket) -> dict[str, str]:
    """Keys and secrets in `folder`, and the variables that name them."""
    create_keys(folder / "keys")
    create_demo_authority(folder / "signing")
    (folder / "access").write_text(bucket.server.access_key)
    (folder / "secret").write_text(bucket.server.secret_key)
    return {
        "KOMPETEN_DATA_DIR": str(folder),
        "KOMPETEN_DATABASE_URL": database_url,
        "KOMPETEN_BROKER_URL": broker_url,
        "KOMPETEN_OBJECT_STORE_URL": bucket.object_store_url,
        "KOMPETEN_OBJECT_STORE_REGION": bucket.server.region,
        "KOMPETEN_OBJECT_STORE_ACCESS_KEY_FILE": str(folder / "access"),
        "KOMPETEN_OBJECT_STORE_SECRET_KEY_FILE": str(folder / "secret"),
        "KOMPETEN_SIGNING_KEY_FILE": str(folder / "signing" / KEY),
        "KOMPETEN_SIGNING_CHAIN_FILE": str(folder / "signing" / CHAIN),
        "KOMPETEN_TOKEN_PUBLIC_KEY_FILE": str(folder / "keys" / "token-public.pem"),
        "KOMPETEN_LISTEN": "127.0.0.1:0",
    }


def decided_to_announced(database: Database, environment: dict[str, str], folder: Path) -> float:
    """Seconds until every one of `DECIDED` decisions has become an announced certificate."""
    decisions = candidates(database, DECIDED + 1)
    with Connection(environment["KOMPETEN_BROKER_URL"]) as connection:
        declare(connection)
        publisher = Publisher(connection)
        service = serve(environment, folder)
        try:
            publish(publisher, decisions[:1])
            wait(lambda: announced(database) == 1, service, folder)
            started = time.perf_counter()
            publish(publisher, decisions[1:])
            wait(lambda: announced(database) == DECIDED + 1, service, folder)
            return time.perf_counter() - started
        finally:
            service.terminate()
            service.wait(40)


def candidates(database: Database, count: int) -> list[CertificationDecided]:
    """Applications with both forms and the agreement signed, and the decisions that are still to come."""
    decisions = []
    with database.unit_of_work() as session:
        for number in range(count):
            submitted, decided = facts(f"CALON {number} CONTOH")
            order = commands.heard_of(session, submitted)
            order.forms_signed_at = submitted.submitted_at
            order.agreed_at, order.agreed_version = submitted.submitted_at, agreement_text().version
            decisions.append(decided)
    return decisions


def facts(name: str) -> tuple[SelfAssessmentSubmitted, CertificationDecided]:
    now = clock.real_now()
    common = {
        "application_id": uuid4(), "applicant_id": uuid4(), "applicant_name": name, "scheme_id": SCHEME.id,
        "scheme_version": SCHEME.version, "scheme_title": SCHEME.title.id, "renews": None, "file_hash": "ab" * 32,
    }  # fmt: skip
    submitted = SelfAssessmentSubmitted.model_validate({
        **common, "round": 1, "verifier_id": uuid4(), "units": SCHEME.codes, "claims": [], "documents": [],
        "adjustment_needed": False, "adjustment_note": "", "submitted_at": now,
    })  # fmt: skip
    decided = CertificationDecided.model_validate({
        **common, "decision_id": uuid4(), "case_id": uuid4(), "attempt": 0, "judgement": Judgement.K,
        "units": [UnitJudgement(unit=code, judgement=Judgement.K) for code in SCHEME.codes],
        "decree_number": "001/SK/LSP/2026", "decided_by": uuid4(), "decided_by_name": "KETUA CONTOH",
        "acting_for_chair": False, "decided_at": now, "meeting_id": uuid4(), "appeal_until": now + timedelta(days=14),
    })  # fmt: skip
    return submitted, decided


def told(fact: CertificationDecided) -> Event[CertificationDecided]:
    return Event(
        id=uuid4(), type=fact.type, source="/decision", subject=f"decision/{fact.decision_id}",
        time=clock.real_now(), sequence=1, correlation_id="bench", causation_id=None, fact=fact,
    )  # fmt: skip


def publish(publisher: Publisher, decisions: Sequence[CertificationDecided]) -> None:
    events = [told(fact) for fact in decisions]
    rows = [(str(e.id), e.type, Envelope.around(e).model_dump_json(exclude_none=True)) for e in events]
    publisher.publish(rows)


def serve(environment: dict[str, str], folder: Path) -> subprocess.Popen[bytes]:
    with (folder / "service.log").open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-c", "from shared.runtime.cli import main; main()", "serve", "certificate"],
            cwd=ROOT, env={**os.environ, **environment}, stdout=log, stderr=log,
        )  # fmt: skip


def announced(database: Database) -> int:
    with database.reading() as session:
        told = select(func.count()).where(OutboxRow.type == ANNOUNCED, OutboxRow.published_at.is_not(None))
        return session.scalar(told) or 0


def wait(condition: Callable[[], bool], service: subprocess.Popen[bytes], folder: Path, seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end or service.poll() is not None:
            raise TimeoutError((folder / "service.log").read_text()[-3000:])
        time.sleep(0.02)


def alone(database: Database, environment: dict[str, str], folder: Path) -> Figures:
    """Each step by itself, one certificate after the other: where the time goes."""
    config = Settings(**{name.removeprefix("KOMPETEN_").lower(): value for name, value in environment.items()})  # type: ignore[arg-type]
    store, signer = chosen(config), Signer(pem_seal(folder / "signing" / KEY, folder / "signing" / CHAIN))
    decisions = candidates(database, ALONE)
    spent = dict.fromkeys(("number", "render", "sign", "store", "announce"), 0.0)

    def timed(step: str, work: Callable[[], T]) -> T:
        started = time.perf_counter()
        result = work()
        spent[step] += time.perf_counter() - started
        return result

    def number() -> list[Certificate]:
        """As the entrypoint does it: one unit of work, what it needs loaded in one query."""
        events = [told(decision) for decision in decisions]
        with database.unit_of_work() as session:
            reactions.preload(session, events)
            for event in events:
                reactions.react(session, event)
            session.flush()
            ids = [decision.application_id for decision in decisions]
            return list(session.scalars(select(Certificate).where(Certificate.application_id.in_(ids))))

    certificates = timed("number", number)
    stored = {}
    for certificate in certificates:
        sheet = jobs.sheet_of(certificate)
        data = {**sheet.printed, "qr": qr.svg(sheet.printed["check_url"])}
        unsigned = timed("render", partial(render, template(sheet.template), data, at=sheet.at))
        signed = timed("sign", partial(signer.sign, unsigned, at=sheet.at, reason=jobs.REASON))
        timed("store", partial(store.put, sheet.key, signed, jobs.PDF))
        stored[certificate.id] = commands.Stored(sheet.key, "00" * 32, len(signed))

    def announce() -> None:
        with database.unit_of_work() as session:
            for row in session.scalars(select(Certificate).where(Certificate.id.in_(list(stored)))):
                commands.confirm_issued(session, row, stored[row.id])

    timed("announce", announce)
    return {f"certificates.{step}_ms": Figure(1000 * seconds / ALONE, "ms") for step, seconds in spent.items()}
