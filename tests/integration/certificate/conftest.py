from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.database.migrations import migrate
from shared.database.unit import Database
from shared.documents.signing import signer
from shared.objectstore import object_store
from shared.settings import settings
from tests.servers.fixtures import FreshDatabase
from tests.servers.fresh import Bucket


@pytest.fixture
def real_database(
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
