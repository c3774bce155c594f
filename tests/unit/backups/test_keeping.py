"""Which backups stay, and when the next one is due."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kompeten.backups.keeping import choose_kept, find_next_run, list_backups, name_backup, read_moment

NOON = datetime(2026, 11, 27, 5, 0, tzinfo=UTC)
"""Twelve o'clock in Jakarta, a Friday."""


def days_before(*days: float) -> list[datetime]:
    return [NOON - timedelta(days=day) for day in days]


def test_the_newest_of_each_day_and_week_is_kept() -> None:
    daily = days_before(*range(40))
    kept = choose_kept(daily, NOON, days=7, weeks=5)
    assert set(daily[:7]) <= kept
    sundays = {at for at in daily if at.isoweekday() == 7 and NOON - at < timedelta(weeks=5)}
    assert kept - set(daily[:7]) == sundays - set(daily[:7])


def test_of_several_on_one_day_the_last_is_kept() -> None:
    first, second, third = days_before(1.2, 1.1, 1.0)
    assert choose_kept([first, second, third], NOON, days=7, weeks=0) == {third}


def test_days_are_those_of_jakarta() -> None:
    before_midnight, after_midnight = datetime(2026, 11, 25, 16, 59, tzinfo=UTC), datetime(2026, 11, 25, 17, tzinfo=UTC)
    assert choose_kept([before_midnight, after_midnight], NOON, days=7, weeks=0) == {before_midnight, after_midnight}


def test_the_newest_stays_however_old_it_is() -> None:
    """This failure mode means that a system nobody backed up for a month loses its last backup to the next try."""
    old = days_before(100, 101)
    assert choose_kept(old, NOON, days=1, weeks=0) == {old[0]}
    assert choose_kept([], NOON, days=1, weeks=0) == set()


@pytest.mark.parametrize(
    ("last", "due"),
    [
        (None, NOON),
        (datetime(2026, 11, 26, 18, 35, tzinfo=UTC), datetime(2026, 11, 27, 18, 30, tzinfo=UTC)),
        (datetime(2026, 11, 26, 18, 25, tzinfo=UTC), NOON),
        (datetime(2026, 11, 27, 4, 0, tzinfo=UTC), datetime(2026, 11, 27, 18, 30, tzinfo=UTC)),
        (datetime(2026, 11, 1, 4, 0, tzinfo=UTC), NOON),
    ],
)
def test_it_is_due_at_its_time_in_jakarta_and_at_once_when_missed(last: datetime | None, due: datetime) -> None:
    assert find_next_run(last, NOON, 1, 30) == due


def test_only_whole_backups_are_listed_the_newest_first(tmp_path: Path) -> None:
    names = [name_backup(at) for at in days_before(2, 1)]
    for name in [*names, f".{name_backup(NOON)}.part", "lain", "xZ"]:
        (tmp_path / name).mkdir()
    (tmp_path / "last-good.json").write_text("{}")
    assert [path.name for path in list_backups(tmp_path)] == [names[1], names[0]]
    assert read_moment(names[0]) == NOON - timedelta(days=2)
    assert read_moment("lain") is None
