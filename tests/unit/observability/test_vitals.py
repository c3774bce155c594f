"""What a process notes of itself: timers, lateness, parts that fail and parts that hang."""

from threading import Event, Thread

from shared.observability.vitals import PATIENCE_SECONDS, WINDOW_SECONDS, Probe, Vitals


class Clock:
    """Seconds that a test moves."""

    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


def test_a_timer_is_late_by_what_is_over_its_period() -> None:
    clock = Clock()
    vitals = Vitals(now=clock)
    vitals.expect_timer("expire", 30)
    clock.at += 29
    assert [timer.late_seconds for timer in vitals.read_timers()] == [0]
    clock.at += 61
    assert [timer.late_seconds for timer in vitals.read_timers()] == [60]
    vitals.note_timer("expire")
    assert [timer.late_seconds for timer in vitals.read_timers()] == [0]


def test_the_worst_lateness_counts_until_it_is_old() -> None:
    clock = Clock()
    vitals = Vitals(now=clock)
    for late in (0.0, 3.0, 0.01):
        clock.at += 1
        vitals.note_lateness(late)
    assert vitals.lateness == 3.0
    clock.at += WINDOW_SECONDS
    vitals.note_lateness(0.02)
    assert vitals.lateness == 0.02


def test_lateness_is_kept_in_bounded_room() -> None:
    vitals = Vitals(now=Clock())
    for _ in range(1000):
        vitals.note_lateness(0.0)
    assert len(vitals._latest) == 1


def test_a_part_that_fails_is_told_with_its_words_until_it_answers() -> None:
    clock, fails = Clock(), True

    def ask() -> None:
        if fails:
            raise ConnectionRefusedError(111, "Connection refused")

    probe = Probe("broker", ask, clock)
    probe.run()
    clock.at += 20
    probe.run()
    clock.at += 1
    found = probe.read()
    assert (found.well, found.seconds) == (False, 21.0)
    assert "Connection refused" in found.error
    fails = False
    probe.run()
    assert probe.read().well


def test_a_part_that_hangs_is_told_while_it_hangs() -> None:
    """This failure mode means a report that waits for the part that hangs, or calls it well."""
    clock, asked, answer = Clock(), Event(), Event()

    def ask() -> None:
        asked.set()
        answer.wait()

    probe = Probe("store", ask, clock)
    thread = Thread(target=probe.run)
    thread.start()
    asked.wait()
    assert probe.read().well
    clock.at += PATIENCE_SECONDS + 1
    hanging = probe.read()
    answer.set()
    thread.join()
    assert (hanging.well, hanging.error) == (False, "does not answer")
    assert probe.read().well
