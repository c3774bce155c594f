"""Whoever's files take all the time they may keeps the readers from nobody else."""

from collections.abc import Iterator

import pytest

from shared.errors import Invalid, TooMany
from shared.runtime.confinement import Overran
from shared.web import App
from shared.web.heavy import charging_heavy_files


@pytest.fixture(autouse=True)
def _request(app: App) -> Iterator[None]:
    with app.test_request_context("/tiny/"):
        yield


def read_heavy(subject: str, rates: str = "2/10 minutes") -> None:
    with charging_heavy_files(subject, rates):
        raise Invalid("pdf-too-heavy", "berat") from Overran("time")


def test_after_a_few_heavy_ones_no_file_of_theirs_is_read() -> None:
    for _ in range(2):
        with pytest.raises(Invalid):
            read_heavy("siti")
    with pytest.raises(TooMany) as refused:
        read_heavy("siti")
    assert refused.value.details["retry_after"] > 0


def test_others_go_on() -> None:
    for _ in range(2):
        with pytest.raises(Invalid):
            read_heavy("siti")
    with charging_heavy_files("budi", "2/10 minutes"):
        pass


def test_files_that_are_read_or_refused_for_another_reason_count_for_nothing() -> None:
    for _ in range(5):
        with charging_heavy_files("siti", "2/10 minutes"):
            pass
        with pytest.raises(Invalid), charging_heavy_files("siti", "2/10 minutes"):
            raise Invalid("pdf-damaged", "rusak")


def test_one_has_only_a_few_at_once() -> None:
    with charging_heavy_files("siti", "1/10 minutes"), pytest.raises(TooMany):
        read_heavy("siti", "1/10 minutes")
