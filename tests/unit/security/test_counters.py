"""Counters in memory: windows that end, what is given back, and what a crowd of strangers costs the others."""

import threading
from collections.abc import Iterator

import pytest
from limits import parse
from limits.strategies import FixedWindowRateLimiter

from shared.security import counters
from shared.security.counters import SWEPT_AT_ONCE, ProcessCounters


class Time:
    """The seconds these counters see."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def time(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Time:
    clock = Time()
    monkeypatch.setattr(counters, "time", clock)
    return clock


def test_a_window_is_counted_until_it_ends_and_then_anew(clock: Time) -> None:
    kept = ProcessCounters()
    assert [kept.incr("a", 60) for _ in range(3)] == [1, 2, 3]
    assert kept.get_expiry("a") == clock.now + 60
    clock.now += 59.9
    assert (kept.get("a"), kept.incr("a", 60)) == (3, 4)
    clock.now += 0.1
    assert (kept.get("a"), kept.incr("a", 60)) == (0, 1)


def test_what_is_given_back_is_missing_and_never_a_credit(clock: Time) -> None:
    kept = ProcessCounters()
    kept.incr("a", 60)
    assert [kept.incr("a", 60, -1), kept.incr("a", 60, -1), kept.incr("a", 60)] == [0, 0, 1]
    clock.now += 60
    assert (kept.incr("a", 60, -1), len(kept)) == (0, 0)
    assert kept.incr("a", 60) == 1


def test_what_ended_is_removed_by_those_who_come(clock: Time) -> None:
    kept = ProcessCounters()
    for turn in range(1_000):
        kept.incr(f"early {turn}", 60)
    clock.now += 60
    for turn in range(1_000 // SWEPT_AT_ONCE):
        kept.incr(f"late {turn}", 60)
    assert len(kept) == 1_000 // SWEPT_AT_ONCE


def test_a_window_that_began_anew_is_not_swept_with_its_first(clock: Time) -> None:
    kept = ProcessCounters()
    kept.incr("a", 10)
    kept.clear("a")
    kept.incr("a", 60)
    clock.now += 30
    kept.incr("b", 60)
    assert kept.get("a") == 1


def test_no_crowd_fills_the_memory_and_the_longest_windows_stay(clock: Time) -> None:
    kept = ProcessCounters(most=100)
    kept.incr("long", 3600)
    for turn in range(1_000):
        kept.incr(f"stranger {turn}", 60)
        clock.now += 0.001
    assert len(kept) <= 100
    assert (kept.get("long"), kept.get("stranger 999"), kept.get("stranger 0")) == (1, 1, 0)


def test_what_is_forgiven_again_and_again_makes_nobodys_window_end(clock: Time) -> None:
    """This failure mode means that a program which signs in all day gives every guesser new tries."""
    kept = ProcessCounters(most=100)
    kept.incr("guesser", 60)
    for _ in range(1_000):
        kept.incr("program", 3600)
        kept.clear("program")
        clock.now += 0.001
    assert kept.get("guesser") == 1
    assert len(kept._by_end) <= 2 * len(kept) + counters.FEW


def test_the_library_counts_in_it() -> None:
    limiter, rate = FixedWindowRateLimiter(ProcessCounters()), parse("3/minute")
    assert [limiter.hit(rate, "a") for _ in range(4)] == [True, True, True, False]
    assert limiter.hit(rate, "b")
    limiter.clear(rate, "a")
    assert limiter.get_window_stats(rate, "a").remaining == 3


def test_counting_starts_no_thread_and_looks_at_no_other_counter(monkeypatch: pytest.MonkeyPatch) -> None:
    """This failure mode means that everybody waited longer, the more networks somebody asked from."""
    asked = []

    class Keys(dict[str, float]):
        def __iter__(self) -> Iterator[str]:
            asked.append("all")
            return super().__iter__()

    kept = ProcessCounters()
    kept._ends = Keys()
    before = threading.active_count()
    for turn in range(5_000):
        kept.incr(f"stranger {turn}", 60)
    assert (threading.active_count(), asked) == (before, [])
