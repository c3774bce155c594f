"""What the benchmark plays: candidates with everything met but the decision, and one certificate service process.

On real PostgreSQL, RabbitMQ and S3: a database, a vhost and a bucket of its own, keys of its own, photos in the bucket.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from uuid import uuid4

from kombu import Connection
from PIL import Image, ImageDraw, ImageFilter
from sqlalchemy import func, select

from kompeten.schema import migrate_database
from services.certificate.body_settings import agreement_text
from services.certificate.commands.ordering import open_order
from shared import clock
from shared.contracts import Envelope, Event
from shared.contracts.decision import CertificationDecided
from shared.contracts.registration import SelfAssessmentSubmitted
from shared.contracts.words import Judgement, UnitJudgement
from shared.credentials import credential_key
from shared.credentials.keys import FILE, create_credential_key
from shared.database.unit import Database
from shared.documents.authority import CHAIN, KEY, create_demo_authority
from shared.documents.signing import document_signer
from shared.messaging.models import EVENTS_EXCHANGE, OutboxRow
from shared.messaging.relay import Publisher
from shared.objectstore import ObjectStore, object_store
from shared.objectstore.choice import choose_store
from shared.schemes import shipped_schemes
from shared.security.keys import create_keys
from shared.settings import Settings, settings
from tests.servers import available
from tests.servers.fresh import Bucket, Buckets

ROOT = Path(__file__).parents[2]
SCHEME = shipped_schemes().get("layanan-dasar", "2026.1")
ANNOUNCED = "id.kompeten.public.certificate_issued.v1"
PHOTOS = 50
"""Different photos in the bucket; holders share them."""
SERVICE = "benchmarks.certificates.service_process"


@dataclass(frozen=True)
class Scene:
    """Where it plays. `environment` makes the settings of every process of it."""

    folder: Path
    environment: dict[str, str]
    database: Database
    photos: Sequence[str]

    @property
    def settings(self) -> Settings:
        return Settings(**{name.removeprefix("KOMPETEN_").lower(): value for name, value in self.environment.items()})  # type: ignore[arg-type]

    @property
    def store(self) -> ObjectStore:
        return choose_store(self.settings)


@contextmanager
def prepare_scene(database_url: str, broker_url: str) -> Iterator[Scene]:
    buckets = Buckets(available.s3())
    folder = Path(tempfile.mkdtemp(prefix="kompeten-bench-"))
    try:
        environment = _environment(folder, database_url, broker_url, buckets.fresh())
        database = Database("certificate", database_url)
        migrate_database(database)
        scene = Scene(folder, environment, database, [f"photos/contoh-{number}.jpg" for number in range(PHOTOS)])
        for number, key in enumerate(scene.photos):
            scene.store.put(key, draw_photo(number), "image/jpeg")
        yield scene
        database.close()
    finally:
        buckets.drop()


@contextmanager
def in_this_process(scene: Scene) -> Iterator[None]:
    """The scene's settings, keys and store are those of this process, for a while."""
    own = [settings, object_store, document_signer, credential_key]
    before = {name: os.environ.get(name) for name in scene.environment}
    os.environ.update(scene.environment)
    try:
        for cached in own:
            cached.cache_clear()
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
        for cached in own:
            cached.cache_clear()


def _environment(folder: Path, database_url: str, broker_url: str, bucket: Bucket) -> dict[str, str]:
    create_keys(folder / "keys")
    create_demo_authority(folder / "signing")
    create_credential_key(folder / "signing" / FILE)
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
        "KOMPETEN_CREDENTIAL_KEY_FILE": str(folder / "signing" / FILE),
        "KOMPETEN_TOKEN_PUBLIC_KEY_FILE": str(folder / "keys" / "token-public.pem"),
        "KOMPETEN_PUBLIC_URL": "https://sertifikat.lsp-pustakawan.contoh.id",
        "KOMPETEN_LISTEN": "127.0.0.1:0",
    }


def draw_photo(number: int) -> bytes:
    """A portrait 3x4 at 300 dpi (contoh), each a little different; about 15 KB, as prepared photos are."""
    image = Image.new("RGB", (354, 472), (170 + number % 30, 24, 40))
    draw = ImageDraw.Draw(image)
    draw.ellipse((20, 300, 334, 640), fill=(40, 50, 70))
    draw.ellipse((110, 90, 244 + number % 9, 280), fill=(222, 180, 150))
    grain = Image.effect_noise(image.size, 18).convert("RGB")
    out = BytesIO()
    Image.blend(image.filter(ImageFilter.GaussianBlur(1.5)), grain, 0.08).save(out, "JPEG", quality=88)
    return out.getvalue()


def make_candidates(scene: Scene, count: int) -> list[CertificationDecided]:
    """Applications with both forms and the agreement signed and a photo, and the decisions that are still to come."""
    decisions = []
    with scene.database.unit_of_work() as session:
        for number in range(count):
            submitted, decided = _facts(f"CALON {number} CONTOH")
            order = open_order(session, submitted)
            order.forms_signed_at = submitted.submitted_at
            order.agreed_at, order.agreed_version = submitted.submitted_at, agreement_text().version
            order.photo_key, order.photo_sha256 = scene.photos[number % len(scene.photos)], "ab" * 32
            decisions.append(decided)
    return decisions


def _facts(name: str) -> tuple[SelfAssessmentSubmitted, CertificationDecided]:
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


def as_event(fact: CertificationDecided) -> Event[CertificationDecided]:
    return Event(
        id=uuid4(), type=fact.type, source="/decision", subject=f"decision/{fact.decision_id}",
        time=clock.real_now(), sequence=1, correlation_id="bench", causation_id=None, fact=fact,
    )  # fmt: skip


def publish_decisions(connection: Connection, decisions: Sequence[CertificationDecided]) -> None:
    events = [as_event(fact) for fact in decisions]
    rows = [(str(e.id), e.type, Envelope.around(e).model_dump_json(exclude_none=True)) for e in events]
    Publisher(connection).publish(EVENTS_EXCHANGE, rows)


class CertificateService:
    """The certificate service as a process of its own, which notes how late its event loop ever was."""

    def __init__(self, scene: Scene) -> None:
        self._log = scene.folder / "service.log"
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", SERVICE],
                cwd=ROOT,
                env={**os.environ, **scene.environment},
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )

    def wait(self, condition: Callable[[], bool], seconds: float) -> None:
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end or self.process.poll() is not None:
                raise TimeoutError(self._log.read_text()[-3000:])
            time.sleep(0.02)

    def stop(self) -> dict[str, float]:
        """End it; what it noted: `late_ms` and the like."""
        self.process.terminate()
        said, _ = self.process.communicate(timeout=40)
        words = [line.split() for line in said.splitlines()]
        return {name: float(value) for name, value in words}


def count_announced(database: Database) -> int:
    """Certificates whose public event the broker has confirmed."""
    with database.reading() as session:
        told = select(func.count()).where(OutboxRow.type == ANNOUNCED, OutboxRow.published_at.is_not(None))
        return session.scalar(told) or 0
