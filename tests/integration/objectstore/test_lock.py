"""Object lock in compliance mode, on a server that means it: what was issued outlives mistakes and ill will."""

import re
import time
from datetime import UTC, datetime, timedelta

import pytest
import urllib3
from minio import Minio
from minio.commonconfig import COMPLIANCE, GOVERNANCE
from minio.error import S3Error
from minio.retention import Retention

from shared import clock
from shared.errors import Conflict
from shared.objectstore.port import StoreUnavailable
from tests.integration.objectstore.conftest import s3_store
from tests.servers import answers
from tests.servers.address import S3Address
from tests.servers.fresh import Bucket

KEY, PDF = "certificates/2026/a1b2-1.pdf", "application/pdf"
HELD_SECONDS = 8


@pytest.fixture
def owner(s3_server: S3Address) -> Minio:
    """The owner of the bucket: on this server nobody may do more."""
    return answers.s3_client(s3_server)


@pytest.fixture
def until() -> datetime:
    return (clock.real_now() + timedelta(seconds=HELD_SECONDS)).replace(microsecond=0)


@pytest.fixture
def version(s3: Bucket, owner: Minio, until: datetime) -> str:
    """The version id of one locked certificate."""
    s3_store(s3).put(KEY, b"asli", PDF, keep_until=until)
    return str(owner.stat_object(bucket_name=s3.name, object_name=KEY).version_id)


def retention(owner: Minio, bucket: Bucket, version: str) -> tuple[str, datetime]:
    return retention_of(owner, bucket, KEY, version)


def retention_of(owner: Minio, bucket: Bucket, key: str, version: str) -> tuple[str, datetime]:
    """Mode and time of the lock, as the server says; read by hand, for the client knows no fractions of a second."""
    asked = owner.get_presigned_url(
        method="GET", bucket_name=bucket.name, object_name=key, version_id=version, extra_query_params={"retention": ""}
    )
    said = urllib3.PoolManager(timeout=5.0).request("GET", asked).data.decode()
    found = re.search(r"<Mode>(\w+)</Mode><RetainUntilDate>([^<.]+)", said)
    assert found is not None, said
    return found[1], datetime.fromisoformat(found[2].rstrip("Z")).replace(tzinfo=UTC)


def test_a_copy_tells_until_when_it_is_locked(s3: Bucket, until: datetime, version: str) -> None:
    """This failure mode means that a restored certificate can be deleted."""
    assert s3_store(s3).fetch(KEY).keep_until == until


def test_what_is_kept_is_locked_until_its_time(s3: Bucket, owner: Minio, version: str, until: datetime) -> None:
    assert retention(owner, s3, version) == (COMPLIANCE, until)
    assert s3_store(s3).get(KEY) == b"asli"


def test_not_even_the_owner_deletes_it_before_its_time(s3: Bucket, owner: Minio, version: str) -> None:
    with pytest.raises(S3Error, match="AccessDenied"):
        owner.remove_object(bucket_name=s3.name, object_name=KEY, version_id=version)
    assert s3_store(s3).get(KEY) == b"asli"


@pytest.mark.parametrize("mode", [COMPLIANCE, GOVERNANCE])
def test_not_even_the_owner_shortens_its_time(
    s3: Bucket, owner: Minio, version: str, until: datetime, mode: str
) -> None:
    shorter = Retention(mode, until - timedelta(seconds=HELD_SECONDS - 1))
    with pytest.raises(S3Error):
        owner.set_object_retention(bucket_name=s3.name, object_name=KEY, config=shorter, version_id=version)
    assert retention(owner, s3, version) == (COMPLIANCE, until)


def test_what_the_owner_hides_or_writes_over_can_be_had_back(s3: Bucket, owner: Minio, version: str) -> None:
    """This failure mode means that somebody with the owner's keys plays with the bucket."""
    owner.remove_object(bucket_name=s3.name, object_name=KEY)
    assert not s3_store(s3).exists(KEY)
    s3_store(s3).put(KEY, b"palsu", PDF)
    old = owner.get_object(bucket_name=s3.name, object_name=KEY, version_id=version)
    try:
        assert old.read() == b"asli"
    finally:
        old.close()
        old.release_conn()


def test_the_store_writes_nothing_over_it(s3: Bucket, version: str, until: datetime) -> None:
    store = s3_store(s3)
    store.put(KEY, b"asli", PDF, keep_until=until)
    with pytest.raises(Conflict):
        store.put(KEY, b"palsu", PDF, keep_until=until)


def test_when_its_time_is_over_it_can_go(s3: Bucket, owner: Minio, version: str, until: datetime) -> None:
    time.sleep(max(0.0, (until - clock.real_now()).total_seconds()) + 1)
    owner.remove_object(bucket_name=s3.name, object_name=KEY, version_id=version)
    assert not s3_store(s3).exists(KEY)


def test_a_probe_is_never_locked(s3: Bucket, owner: Minio) -> None:
    store = s3_store(s3)
    store.probe()
    store.probe()
    for found in owner.list_objects(bucket_name=s3.name, recursive=True, include_version=True):
        owner.remove_object(bucket_name=s3.name, object_name=str(found.object_name), version_id=found.version_id)


def test_a_bucket_that_cannot_lock_takes_nothing_that_must_be_kept(plain: Bucket, until: datetime) -> None:
    with pytest.raises(StoreUnavailable):
        s3_store(plain).put(KEY, b"asli", PDF, keep_until=until)


def test_a_system_told_not_to_lock_stores_without(plain: Bucket, until: datetime) -> None:
    store = s3_store(plain, lock=False)
    store.put(KEY, b"asli", PDF, keep_until=until)
    assert store.get(KEY) == b"asli"
