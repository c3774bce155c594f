"""Which runner a setting chooses, and what it refuses to run on."""

from collections.abc import Callable, Iterator

import pytest

from kompeten.running import choose_runner
from shared.runtime import nameko_runner, thread_runner
from shared.settings import settings

Setting = Callable[[str, str], None]


@pytest.fixture
def set_up(monkeypatch: pytest.MonkeyPatch) -> Iterator[Setting]:
    """Set the runner and the driver, until the test ends."""

    def write(runner: str, driver: str) -> None:
        monkeypatch.setenv("KOMPETEN_RUNNER", runner)
        monkeypatch.setenv("KOMPETEN_DATABASE_URL", f"{driver}://user@server/{{service}}")
        settings.cache_clear()

    yield write
    settings.cache_clear()


@pytest.mark.parametrize(
    ("runner", "driver", "chosen"),
    [
        ("nameko", "postgresql+psycopg2", nameko_runner),
        ("threads", "postgresql+psycopg", thread_runner),
        ("threads", "postgresql+psycopg2", thread_runner),
    ],
)
def test_a_setting_chooses_the_runner(set_up: Setting, runner: str, driver: str, chosen: object) -> None:
    set_up(runner, driver)
    assert choose_runner() is chosen


@pytest.mark.parametrize("driver", ["postgresql+psycopg", "postgresql"])  # SQLAlchemy takes psycopg 3 for the latter
def test_nameko_refuses_a_driver_that_would_stop_every_greenlet(set_up: Setting, driver: str) -> None:
    set_up("nameko", driver)
    with pytest.raises(ValueError, match=r"write postgresql\+psycopg2"):
        choose_runner()
