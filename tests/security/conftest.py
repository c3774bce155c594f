"""One body for all walks: they change nothing, or only what is their own."""

from collections.abc import Iterator

import pytest

from kompeten.demo import cases
from shared import clock
from tests.security.body import Body
from tests.security.opened import assembled_cast, open_body
from tests.security.story import Story


@pytest.fixture(scope="package")
def body(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Body]:
    with open_body(tmp_path_factory.mktemp("body")) as made:
        yield made


@pytest.fixture(scope="package")
def story(body: Body) -> Iterator[Story]:
    """A certification with appeal and re-assessment, played through the API: records of every stage."""
    with assembled_cast(body) as cast:
        yield Story(body, cast, cases.certify_after_appeal(cast, lambda _line: None))


@pytest.fixture(autouse=True)
def _present() -> Iterator[None]:
    """A trial's clock can be moved, and whoever asks every operation moves it: afterwards it is now again."""
    yield
    clock.set_ahead(0)
