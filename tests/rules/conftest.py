"""One body and one cast for all rules: each test plays cases of its own with people of its own."""

from collections.abc import Iterator
from typing import Any

import pytest

from shared import clock
from tests.rules.playing import Candidate, Played
from tests.security.opened import assembled_cast, open_body


@pytest.fixture(scope="package")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    with open_body(tmp_path_factory.mktemp("rules")) as body, assembled_cast(body) as cast:
        yield Played(body, cast)


@pytest.fixture(scope="package")
def holder(played: Played) -> tuple[Candidate, dict[str, Any]]:
    """A holder and the certificate, valid, for those who only look at them."""
    return played.certified("PEMEGANG CONTOH")


@pytest.fixture(autouse=True)
def _present() -> Iterator[None]:
    """A test may move the clock ahead: afterwards it is now again."""
    yield
    clock.set_ahead(0)
