from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.objectstore.folder import FolderStore
from shared.objectstore.port import ObjectStore
from shared.objectstore.s3 import S3Store
from tests.servers.address import S3Address
from tests.servers.fresh import Bucket, Buckets


def s3_store(bucket: Bucket, *, secret_key: str = "", lock: bool = True, public: bool = True) -> S3Store:
    server = bucket.server
    return S3Store(
        server.endpoint.removeprefix("http://"),
        bucket.name,
        access_key=server.access_key,
        secret_key=secret_key or server.secret_key,
        region=server.region,
        secure=False,
        lock=lock,
        public=server.endpoint if public else "",
    )


@pytest.fixture
def plain(s3_server: S3Address) -> Iterator[Bucket]:
    """A bucket without versions and locks, as some S3 servers have no other."""
    buckets = Buckets(s3_server)
    yield buckets.fresh(object_lock=False)
    buckets.drop()


@pytest.fixture(params=["folder", "s3", "plain"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> ObjectStore:
    """Each store in turn: what these tests say holds for all of them."""
    if request.param == "folder":
        return FolderStore(tmp_path / "objects", "http://lsp.contoh.test/objects")
    return s3_store(request.getfixturevalue(request.param))
