"""The store after bucket.py has run."""

import io
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from minio.commonconfig import ENABLED

from tests.servers import answers
from tests.servers.address import S3Address
from tests.servers.fresh import Buckets, name


@pytest.fixture
def prepared(s3_server: S3Address, secrets_folder: Path, script: Callable[[str], ModuleType]) -> str:
    """A bucket made, twice over, on a server whose accounts somebody else makes."""
    bucket = name()
    (secrets_folder / "store_access_key").write_text(f"{s3_server.access_key}\n")
    (secrets_folder / "store_secret_key").write_text(f"{s3_server.secret_key}\n")
    environment = {
        "KOMPETEN_OBJECT_STORE_URL": s3_server.object_store_url(bucket),
        "KOMPETEN_OBJECT_STORE_REGION": s3_server.region,
        "STORE_ADMIN": "none",
        "SECRETS": str(secrets_folder),
    }
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


def test_the_services_account_can_neither_delete_nor_touch_the_bucket(script: Callable[[str], ModuleType]) -> None:
    rules = script("store/bucket.py").policy("kompeten")
    allowed = {action for statement in rules["Statement"] for action in statement["Action"]}
    assert allowed == {"s3:ListBucket", "s3:GetBucketLocation", "s3:GetObject", "s3:PutObject"}
