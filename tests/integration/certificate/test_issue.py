"""Certificates made on real servers: PostgreSQL and an S3 server that checks signatures."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from services.certificate import jobs
from services.certificate.domain.states import State
from services.certificate.models import Certificate
from shared.database.migrations import migrate
from shared.database.unit import Database
from shared.documents.signing import signer
from shared.objectstore import object_store
from shared.settings import settings
from tests.servers.fixtures import FreshDatabase
from tests.servers.fresh import Bucket
from tests.unit.certificate.scene import Candidate, cleared, types_told


@pytest.fixture
def database(
    postgres_url: FreshDatabase, s3: Bucket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Database]:
    """The service's database, and the settings that name its bucket."""
    (tmp_path / "access").write_text(s3.server.access_key)
    (tmp_path / "secret").write_text(s3.server.secret_key)
    monkeypatch.setenv("KOMPETEN_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("KOMPETEN_OBJECT_STORE_URL", s3.object_store_url)
    monkeypatch.setenv("KOMPETEN_OBJECT_STORE_REGION", s3.server.region)
    monkeypatch.setenv("KOMPETEN_OBJECT_STORE_ACCESS_KEY_FILE", str(tmp_path / "access"))
    monkeypatch.setenv("KOMPETEN_OBJECT_STORE_SECRET_KEY_FILE", str(tmp_path / "secret"))
    forget = (settings.cache_clear, object_store.cache_clear, signer.cache_clear)
    for clear in forget:
        clear()
    database = Database("certificate", postgres_url())
    migrate(database)
    yield database
    database.close()
    for clear in forget:
        clear()


def test_a_batch_is_made_stored_and_announced(database: Database) -> None:
    with database.unit_of_work() as session:
        for number in range(30):
            cleared(session, Candidate(f"CALON {number} CONTOH"))
    while jobs.jobs.run_due(database):
        pass
    with database.reading() as session:
        every = select(Certificate).order_by(Certificate.serial).options(selectinload(Certificate.versions))
        certificates = session.scalars(every).all()
        told = types_told(session)
    assert {certificate.state for certificate in certificates} == {State.VALID}
    assert told.count("certificate.certificate_issued") == told.count("public.certificate_issued") == 30
    assert sorted(object_store().keys("certificates/")) == sorted(row.current.object_key for row in certificates)
    one = certificates[17].current
    assert hashlib.sha256(object_store().get(one.object_key)).hexdigest() == one.sha256
