from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registration.domain.eligibility import (
    Background,
    Education,
    Level,
    Path,
    Training,
    Work,
    add_years,
    find_longest_run,
    find_met_path,
    join_work_runs,
    judge_admission_paths,
)

TODAY = date(2026, 11, 21)
ALL_PROOFS = ("diploma", "transcript", "training_certificate", "work_evidence")

days = st.dates(date(2000, 1, 1), date(2030, 12, 31))
periods = st.builds(
    lambda since, length, open_, matches: Work(since, None if open_ else since + timedelta(days=length), matches),
    days,
    st.integers(0, 1500),
    st.booleans(),
    st.booleans(),
)
histories = st.lists(periods, max_size=8)


def found(background: Background) -> dict[str, Path]:
    return {path.code: path for path in judge_admission_paths(background, TODAY)}


def missing(path: Path) -> list[str]:
    return [one.code for one in path.missing]


def days_worked(work: list[Work]) -> set[date]:
    covered = set()
    for period in work:
        if period.matches:
            day = period.since
            while day <= min(period.until or TODAY, TODAY):
                covered.add(day)
                day += timedelta(days=1)
    return covered


@given(histories)
def test_runs_cover_exactly_the_days_worked_with_a_gap_between_each_two(work: list[Work]) -> None:
    joined = join_work_runs(work, TODAY)
    covered = {run.since + timedelta(days=n) for run in joined for n in range(run.days)}
    assert covered == days_worked(work)
    assert all(one.until + timedelta(days=1) < other.since for one, other in pairwise(joined))


@given(histories, st.randoms())
def test_the_order_in_which_work_is_written_does_not_matter(work: list[Work], random: object) -> None:
    shuffled = sorted(work, key=lambda _: random.random())  # type: ignore[attr-defined]
    assert join_work_runs(shuffled, TODAY) == join_work_runs(work, TODAY)


@given(histories, periods)
def test_more_work_never_shortens_the_longest_run(work: list[Work], more: Work) -> None:
    before, after = find_longest_run(work, TODAY), find_longest_run([*work, more], TODAY)
    assert before is None or (after is not None and after.days >= before.days)


@given(days, st.integers(0, 900), st.integers(0, 900))
def test_splitting_a_period_in_two_that_touch_changes_nothing(since: date, first: int, second: int) -> None:
    middle = since + timedelta(days=first)
    end = middle + timedelta(days=1 + second)
    whole = [Work(since, end, True)]
    parts = [Work(since, middle, True), Work(middle + timedelta(days=1), end, True)]
    assert join_work_runs(parts, TODAY) == join_work_runs(whole, TODAY)


@given(days, st.integers(1, 30))
def test_a_gap_of_a_day_or_more_breaks_the_run(since: date, gap: int) -> None:
    end = since + timedelta(days=300)
    later = end + timedelta(days=1 + gap)
    far = later + timedelta(days=700)
    assert len(join_work_runs([Work(since, end, True), Work(later, far, True)], far)) == 2


@given(days)
def test_two_years_are_full_on_the_day_before_the_second_anniversary(since: date) -> None:
    last = add_years(since, 2) - timedelta(days=1)
    full = find_longest_run([Work(since, last, True)], last)
    assert full is not None
    assert full.lasts(2)
    short = find_longest_run([Work(since, last - timedelta(days=1), True)], last)
    assert short is not None
    assert not short.lasts(2)


def test_work_that_began_on_a_leap_day_is_two_years_old_on_the_first_of_march() -> None:
    assert add_years(date(2020, 2, 29), 2) == date(2022, 3, 1)
    assert add_years(date(2020, 2, 29), 4) == date(2024, 2, 29)


def test_work_to_come_does_not_count() -> None:
    assert find_longest_run([Work(TODAY + timedelta(days=1), None, True)], TODAY) is None
    run = find_longest_run([Work(TODAY, TODAY + timedelta(days=900), True)], TODAY)
    assert run is not None
    assert run.days == 1


def test_a_library_diploma_of_d2_meets_path_a() -> None:
    by_code = found(Background([Education(Level.D2, True)], proofs=("diploma", "transcript")))
    assert by_code["a"].met
    assert not by_code["b"].met
    assert find_met_path(by_code.values()) is by_code["a"]


@pytest.mark.parametrize("level", [Level.SLTA, Level.D1])
def test_a_library_diploma_below_d2_does_not(level: Level) -> None:
    assert missing(found(Background([Education(level, True)], proofs=ALL_PROOFS))["a"]) == ["library-diploma"]


def test_another_diploma_needs_a_training_that_fits() -> None:
    background = Background([Education(Level.D4_S1, False)], proofs=ALL_PROOFS)
    assert missing(found(background)["b"]) == ["training"]
    trained = Background(background.education, [Training(False), Training(True)], proofs=ALL_PROOFS)
    assert found(trained)["b"].met


def test_training_that_is_not_competency_based_does_not_count() -> None:
    background = Background([Education(Level.S2, False)], [Training(False)], proofs=ALL_PROOFS)
    assert missing(found(background)["b"]) == ["training"]


def test_school_and_two_continuous_years_meet_path_c() -> None:
    work = [Work(date(2024, 11, 22), None, True)]
    assert found(Background([Education(Level.SLTA, False)], work=work, proofs=ALL_PROOFS))["c"].met
    assert not found(Background([], work=work, proofs=ALL_PROOFS))["c"].met


def test_a_gap_in_the_work_is_told_with_the_longest_run() -> None:
    work = [Work(date(2024, 1, 1), date(2024, 6, 30), True), Work(date(2025, 9, 1), None, True)]
    path = found(Background([Education(Level.SLTA, False)], work=work, proofs=ALL_PROOFS))["c"]
    assert missing(path) == ["work"]
    assert path.missing[0].params["since"] == "2025-09-01"
    assert path.missing[0].params["days"] == (TODAY - date(2025, 9, 1)).days + 1


def test_work_that_does_not_match_the_cluster_does_not_count() -> None:
    work = [Work(date(2000, 1, 1), None, False)]
    assert missing(found(Background([Education(Level.SLTA, False)], work=work, proofs=ALL_PROOFS))["c"]) == ["work"]


def test_each_path_names_the_documents_that_prove_it() -> None:
    by_code = found(Background([Education(Level.D3, True)], [Training(True)], [Work(date(2020, 1, 1), None, True)]))
    assert missing(by_code["a"]) == ["document-diploma", "document-transcript"]
    assert missing(by_code["b"]) == ["document-diploma", "document-transcript", "document-training_certificate"]
    assert missing(by_code["c"]) == ["document-diploma", "document-work_evidence"]


def test_nobody_is_admitted_with_nothing() -> None:
    assert find_met_path(judge_admission_paths(Background(), TODAY)) is None
    assert [path.code for path in judge_admission_paths(Background(), TODAY)] == ["a", "b", "c"]


backgrounds = st.builds(
    Background,
    st.lists(st.builds(Education, st.sampled_from(Level), st.booleans()), max_size=4),
    st.lists(st.builds(Training, st.booleans()), max_size=3),
    histories,
    st.frozensets(st.sampled_from(ALL_PROOFS)),
)


@given(backgrounds, backgrounds)
def test_bringing_more_never_closes_a_path(one: Background, other: Background) -> None:
    both = Background(
        [*one.education, *other.education],
        [*one.trainings, *other.trainings],
        [*one.work, *other.work],
        {*one.proofs, *other.proofs},
    )
    together = found(both)
    assert all(together[code].met for code, path in found(one).items() if path.met)
