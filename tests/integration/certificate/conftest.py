from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kompeten.schema import migrate_database
from shared.credentials import credential_key
from shared.database.unit import Database
from shared.documents.signing import document_signer
from shared.objectstore import object_store
from shared.settings import settings
from tests.servers.fixtures import FreshDatabase
from tests.servers.fresh import Bucket, Buckets
from tests.servers.own_s3 import OwnS3


@contextmanager
def service_on(url: str, bucket: Bucket, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """The service's database at `url`, and settings that name `bucket`."""
    (folder / "access").write_text(bucket.server.access_key)
    (folder / "secret").write_text(bucket.server.secret_key)
    monkeypatch.setenv("KOMPETEN_DATA_DIR", str(folder))
    monkeypatch.setenv("KOMPETEN_OBJECT_STORE_URL", bucket.object_store_url)
    monkeypatch.setenv("KOMPETEN_OBJECT_STORE_REGION", bucket.server.region)
    monkeypatch.setenv("KOMPETEN_OBJECT_STORE_ACCESS_KEY_FILE", str(folder / "access"))
    monkeypatch.setenv("KOMPETEN_OBJECT_STORE_SECRET_KEY_FILE", str(folder / "secret"))
    forget = (settings.cache_clear, object_store.cache_clear, document_signer.cache_clear, credential_key.cache_clear)
    for clear in forget:
        clear()
    database = Database("certificate", url)
    migrate_database(database)
    yield database
    database.close()
    for clear in forget:
        clear()


@pytest.fixture
def real_database(
    postgres_url: FreshDatabase, s3: Bucket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Database]:
    """PostgreSQL and a bucket that locks."""
    with service_on(postgres_url(), s3, tmp_path, monkeypatch) as database:
        yield database


@pytest.fixture
def full_database(
    postgres_url: FreshDatabase, own_s3: OwnS3, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Database]:
    """The same with a store that this test may fill up."""
    buckets = Buckets(own_s3.address)
    with service_on(postgres_url(), buckets.fresh(), tmp_path, monkeypatch) as database:
        yield database
    buckets.drop()
