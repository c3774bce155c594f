"""Lock, checks and time stamps on real servers: PostgreSQL, and an S3 server that locks in earnest."""

import io
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from minio.error import S3Error
from sqlalchemy import func, select, update
from sqlalchemy.orm import selectinload

from services.certificate.domain.states import State
from services.certificate.jobs import jobs as certificate_jobs
from services.certificate.making import readiness
from services.certificate.making.readiness import NotReady
from services.certificate.models import Certificate, Counter
from services.certificate.trust import queries as trust
from services.certificate.trust.commands import store_check, timestamping
from services.certificate.trust.domain import Discrepancy
from services.certificate.trust.models import StoreFinding, Timestamp, TimestampLeaf
from shared import clock
from shared.database.unit import Database
from shared.documents.timestamps import read_roots, verify_register_proof
from shared.messaging.models import JobRow
from shared.objectstore import object_store
from shared.security.actor import SYSTEM
from shared.settings import settings
from tests.integration.objectstore.test_lock import retention_of
from tests.servers import answers
from tests.servers.fresh import Bucket
from tests.servers.own_s3 import OwnS3
from tests.servers.timestamps import timestamping as authority_in
from tests.unit.certificate.scene import Candidate, cleared
from tests.unit.certificate.trust.scene import issue_many


def made(database: Database, count: int) -> list[Certificate]:
    """Certificates through the jobs, really made and locked."""
    with database.unit_of_work() as session:
        for number in range(count):
            cleared(session, Candidate(f"CALON {number} CONTOH"))
    while certificate_jobs.run_due(database):
        pass
    with database.reading() as session:
        every = select(Certificate).order_by(Certificate.serial).options(selectinload(Certificate.versions))
        return list(session.scalars(every))


def test_an_issued_certificate_is_locked_until_validity_and_retention_end(real_database: Database, s3: Bucket) -> None:
    (certificate,) = made(real_database, 1)
    owner, key = answers.s3_client(s3.server), certificate.current.object_key
    version = owner.stat_object(bucket_name=s3.name, object_name=key).version_id
    mode, until = retention_of(owner, s3, key, str(version))
    assert mode == "COMPLIANCE"
    last_day = certificate.expires_on.replace(year=certificate.expires_on.year + settings().retention_years)
    assert until.astimezone(clock.JAKARTA).date() - last_day == timedelta(days=1)
    with pytest.raises(S3Error, match="AccessDenied"):
        owner.remove_object(bucket_name=s3.name, object_name=key, version_id=version)


def test_a_full_store_takes_no_number_and_all_are_issued_when_there_is_room(
    full_database: Database, own_s3: OwnS3
) -> None:
    """This failure mode means a quota that is used up, or a disk that is full."""
    quota = ("--quota-scope=user", f"--uid={own_s3.owner}")
    own_s3.administer("quota", "set", *quota, "--max-objects=0")
    own_s3.administer("quota", "enable", *quota)
    with full_database.unit_of_work() as session:
        for number in range(3):
            cleared(session, Candidate(f"CALON {number} CONTOH"))
    for _ in range(3):
        certificate_jobs.run_due(full_database)
    with pytest.raises(NotReady, match="QuotaExceeded"):
        readiness.require_readiness(full_database)
    with full_database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Certificate)) == 0
        assert session.scalar(select(func.coalesce(func.sum(Counter.value), 0))) == 0
    own_s3.administer("quota", "disable", *quota)
    with full_database.unit_of_work() as session:
        session.execute(update(JobRow).values(next_try_at=clock.real_now() - timedelta(seconds=1)))
    certificate_jobs.run_due(full_database)
    with full_database.reading() as session:
        assert list(session.scalars(select(Certificate.state))) == [State.VALID] * 3


def test_what_the_owner_of_the_bucket_does_to_files_is_found(real_database: Database, s3: Bucket) -> None:
    hidden, forged, _ = made(real_database, 3)
    owner = answers.s3_client(s3.server)
    owner.remove_object(bucket_name=s3.name, object_name=hidden.current.object_key)
    size = forged.current.size
    for key, data in ((forged.current.object_key, b"x" * size), ("certificates/2026/asing.pdf", b"asing")):
        owner.put_object(bucket_name=s3.name, object_name=key, data=io.BytesIO(data), length=len(data))
    with real_database.unit_of_work() as session:
        store_check.begin_store_check(session, SYSTEM, full=True)
    store_check.continue_store_check(real_database)
    with real_database.reading() as session:
        found = {(one.kind, one.key) for one in session.scalars(select(StoreFinding))}
    assert found == {
        (Discrepancy.MISSING, hidden.current.object_key),
        (Discrepancy.ALTERED, forged.current.object_key),
        (Discrepancy.EXTRA, "certificates/2026/asing.pdf"),
    }


def test_replicas_that_stamp_at_once_put_each_certificate_into_one_batch(
    real_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timestamping, "BATCH", 5)
    (tmp_path / "tsa").mkdir()
    many = issue_many(real_database, 23)
    with authority_in(tmp_path / "tsa") as authority:
        monkeypatch.setenv("KOMPETEN_TIMESTAMP_URL", authority.url)
        monkeypatch.setenv("KOMPETEN_TIMESTAMP_CA_FILE", str(authority.root))
        settings.cache_clear()
        with ThreadPoolExecutor(4) as replicas:
            stamped = list(replicas.map(lambda _: timestamping.stamp_register(real_database), range(4)))
        with real_database.unit_of_work() as session:
            for batch in session.scalars(select(Timestamp)):
                batch.closed_at -= timedelta(hours=1)
        stamped.append(timestamping.stamp_register(real_database))
        assert sum(stamped) == authority.asked == 5
        with real_database.reading() as session:
            assert session.scalar(select(func.count()).select_from(TimestampLeaf)) == 23
            for certificate in many:
                verify_register_proof(
                    trust.view_proof(session, certificate.current.check_token), read_roots(authority.root)
                )


def test_replicas_that_check_at_once_make_one_check(real_database: Database) -> None:
    issue_many(real_database, 4)
    with ThreadPoolExecutor(4) as replicas:
        list(replicas.map(lambda _: store_check.check_store_daily(real_database), range(4)))
    with real_database.reading() as session:
        (check,) = trust.list_store_checks(session)
    assert (check.matched, check.wrong, check.read) == (4, 0, 4)


def test_a_short_link_leads_to_the_store_itself(
    real_database: Database, s3: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KOMPETEN_OBJECT_STORE_PUBLIC_URL", s3.server.endpoint)
    settings.cache_clear()
    object_store.cache_clear()
    (certificate,) = made(real_database, 1)
    link = object_store().link(certificate.current.object_key, 60, "sertifikat.pdf")
    assert link.startswith(f"{s3.server.endpoint}/{s3.name}/")
