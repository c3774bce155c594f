from pathlib import Path

import pytest

from shared.objectstore.folder import FolderStore
from shared.objectstore.port import ObjectStore
from shared.objectstore.s3 import S3Store
from tests.servers.fresh import Bucket


def s3_store(bucket: Bucket, *, secret_key: str = "") -> S3Store:
    server = bucket.server
    return S3Store(
        server.endpoint.removeprefix("http://"),
        bucket.name,
        access_key=server.access_key,
        secret_key=secret_key or server.secret_key,
        region=server.region,
        secure=False,
    )


@pytest.fixture(params=["folder", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> ObjectStore:
    """Each store in turn: what these tests say holds for all of them."""
    if request.param == "folder":
        return FolderStore(tmp_path / "objects", "http://lsp.contoh.test/objects")
    return s3_store(request.getfixturevalue("s3"))
