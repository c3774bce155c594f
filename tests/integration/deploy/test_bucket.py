"""The store after bucket.py has run."""

import io
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from minio import Minio
from minio.commonconfig import COMPLIANCE, ENABLED
from minio.error import S3Error
from minio.retention import Retention
from minio.versioningconfig import SUSPENDED, VersioningConfig

from shared import clock
from shared.objectstore.port import DELETABLE
from shared.objectstore.s3 import S3Store
from tests.integration.objectstore.conftest import s3_store
from tests.servers import answers
from tests.servers.address import S3Address
from tests.servers.fresh import Bucket, Buckets, name
from tests.servers.own_s3 import OwnS3


def _environment(server: S3Address, bucket: str, secrets: Path) -> dict[str, str]:
    (secrets / "store_access_key").write_text(f"{server.access_key}\n")
    (secrets / "store_secret_key").write_text(f"{server.secret_key}\n")
    return {
        "KOMPETEN_OBJECT_STORE_URL": server.object_store_url(bucket),
        "KOMPETEN_OBJECT_STORE_REGION": server.region,
        "STORE_ADMIN": "none",
        "SECRETS": str(secrets),
    }


@pytest.fixture
def prepared(s3_server: S3Address, secrets_folder: Path, script: Callable[[str], ModuleType]) -> str:
    """A bucket made, twice over, on a server whose accounts somebody else makes."""
    bucket = name()
    environment = _environment(s3_server, bucket, secrets_folder)
    module = script("store/bucket.py")
    assert module.main(environment) == 0
    assert module.main(environment) == 0
    return bucket


def test_the_bucket_keeps_versions(prepared: str, s3_server: S3Address) -> None:
    client = answers.s3_client(s3_server)
    assert client.get_bucket_versioning(bucket_name=prepared).status == ENABLED
    for body in (b"satu", b"dua"):
        client.put_object(bucket_name=prepared, object_name="contoh", data=io.BytesIO(body), length=len(body))
    assert len(list(client.list_objects(bucket_name=prepared, include_version=True))) == 2
    buckets = Buckets(s3_server)
    buckets.adopt(prepared)
    buckets.drop()


def test_the_bucket_can_lock_and_forgets_probes(prepared: str, s3_server: S3Address) -> None:
    client = answers.s3_client(s3_server)
    client.get_object_lock_config(bucket_name=prepared)
    lifecycle: Any = client.get_bucket_lifecycle(bucket_name=prepared)
    assert [(rule.rule_filter.prefix, rule.expiration.days) for rule in lifecycle.rules] == [("probe/", 1)]


def test_a_bucket_that_cannot_get_the_lock_stops_the_deployment_unless_told_otherwise(
    s3_server: S3Address, secrets_folder: Path, script: Callable[[str], ModuleType], caplog: pytest.LogCaptureFixture
) -> None:
    buckets = Buckets(s3_server)
    old = buckets.fresh(object_lock=False)
    environment = _environment(s3_server, old.name, secrets_folder)
    module = script("store/bucket.py")
    assert module.main(environment) == 1
    assert "without object lock" in caplog.text
    assert module.main(environment | {"KOMPETEN_OBJECT_STORE_LOCK": "false"}) == 0
    buckets.drop()


@pytest.fixture
def narrow(own_s3: OwnS3, script: Callable[[str], ModuleType]) -> Iterator[tuple[S3Store, Minio]]:
    """The services' account under the policy that it is given: its store and its client."""
    module, owner, bucket = script("store/bucket.py"), answers.s3_client(own_s3.address), name()
    module.make_bucket(owner, bucket)
    keys = ("kompetensempit", "rahasia-sempit-contoh")
    own_s3.administer(
        "user", "create", "--uid=sempit", "--display-name=s", f"--access-key={keys[0]}", f"--secret={keys[1]}"
    )
    rules = module.policy(bucket)
    for statement in rules["Statement"]:
        statement["Principal"] = {"AWS": ["arn:aws:iam:::user/sempit"]}
    owner.set_bucket_policy(bucket_name=bucket, policy=json.dumps(rules))
    address = replace(own_s3.address, access_key=keys[0], secret_key=keys[1])
    yield s3_store(Bucket(address, bucket)), answers.s3_client(address)
    own_s3.administer("user", "rm", "--uid=sempit")


def test_the_services_account_writes_locks_reads_lists_and_deletes_uploads_alone(
    narrow: tuple[S3Store, Minio],
) -> None:
    store, client = narrow
    until = clock.real_now() + timedelta(days=1)
    store.probe()
    store.put("certificates/2026/a.pdf", b"asli", "application/pdf", keep_until=until)
    assert store.get("certificates/2026/a.pdf") == b"asli"
    assert [entry.key for entry in store.page("certificates/")] == ["certificates/2026/a.pdf"]
    version = client.stat_object(bucket_name=store.bucket, object_name="certificates/2026/a.pdf").version_id
    shorter = Retention(COMPLIANCE, clock.real_now() + timedelta(minutes=1))
    of_it: Any = {"bucket_name": store.bucket, "object_name": "certificates/2026/a.pdf"}
    attempts: list[Callable[[], object]] = [
        lambda: client.remove_object(**of_it),
        lambda: client.remove_object(**of_it, version_id=version),
        lambda: client.set_object_retention(**of_it, version_id=version, config=shorter),
        lambda: client.set_bucket_versioning(bucket_name=store.bucket, config=VersioningConfig(SUSPENDED)),
        lambda: client.delete_bucket_lifecycle(bucket_name=store.bucket),
        lambda: client.delete_bucket_policy(bucket_name=store.bucket),
        lambda: client.remove_bucket(bucket_name=store.bucket),
    ]
    for refused in attempts:
        with pytest.raises(S3Error, match="AccessDenied"):
            refused()
    assert store.get("certificates/2026/a.pdf") == b"asli"
    store.put("documents/aa/1", b"unggahan", "application/octet-stream")
    store.delete("documents/aa/1")
    assert store.page("documents/") == []


def test_the_services_account_deletes_uploads_alone_and_no_bucket(
    script: Callable[[str], ModuleType],
) -> None:
    rules = script("store/bucket.py").policy("kompeten")
    allowed = {action for statement in rules["Statement"] for action in statement["Action"]}
    deleting = {"s3:DeleteObject", "s3:DeleteObjectVersion"}
    listing = {"s3:ListBucket", "s3:ListBucketVersions", "s3:GetBucketLocation"}
    assert allowed == {*listing, "s3:GetObject", "s3:PutObject", "s3:PutObjectRetention", *deleting}
    (uploads,) = [statement["Resource"] for statement in rules["Statement"] if deleting & set(statement["Action"])]
    assert uploads == [f"arn:aws:s3:::kompeten/{prefix}*" for prefix in DELETABLE]
