"""One body for all walks: they change nothing, or only what is their own."""

from collections.abc import Iterator

import pytest

from shared.objectstore import object_store
from shared.security.keys import create_keys
from shared.settings import settings
from tests.security.body import Body


@pytest.fixture(scope="session")
def body(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Body]:
    folder = tmp_path_factory.mktemp("body")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KOMPETEN_DATA_DIR", str(folder))
        patch.setenv("KOMPETEN_TRIAL", "true")
        _forget()
        create_keys(folder / "keys")
        made = Body()
        yield made
        made.close()
    _forget()


def _forget() -> None:
    settings.cache_clear()
    object_store.cache_clear()
