import subprocess
import sys
import threading
from pathlib import Path

import pytest

from shared.runtime.offload import offload, offload_within, side_by_side

ROOT = Path(__file__).parents[3]
GREEN = """
import eventlet
eventlet.monkey_patch()
import time
from eventlet import patcher
from shared.runtime.offload import offload, offload_within, side_by_side
native = patcher.original("time").sleep
ticks = []
def heart():
    while True:
        ticks.append(1)
        eventlet.sleep(0.01)
eventlet.spawn(heart)
assert side_by_side(lambda n: offload(lambda: (native(0.3), n)[1]), [1, 2, 3], 3) == [1, 2, 3]
assert len(ticks) > 10, ticks
try:
    offload_within(0.2, native, 1.0)
except TimeoutError:
    assert len(ticks) > 20, ticks
else:
    raise AssertionError("waited")
assert offload_within(5, max, 3, 7) == 7
def broken():
    raise KeyError("x")
try:
    offload(broken)
except KeyError:
    print("raised")
"""


def test_work_is_done_with_its_arguments() -> None:
    assert offload(max, 3, 7) == 7


def test_work_that_fails_raises_what_it_raised() -> None:
    with pytest.raises(ZeroDivisionError):
        offload(lambda: 1 / 0)


def test_work_is_not_waited_for_longer_than_told() -> None:
    assert offload_within(5, max, 3, 7) == 7
    with pytest.raises(ZeroDivisionError):
        offload_within(5, lambda: 1 / 0)
    held = threading.Event()
    with pytest.raises(TimeoutError):
        offload_within(0.05, held.wait, 2)
    held.set()


@pytest.mark.parametrize("at_once", [1, 2, 8])
def test_results_stand_in_the_order_of_the_items(at_once: int) -> None:
    assert side_by_side(lambda number: number * number, list(range(20)), at_once) == [n * n for n in range(20)]


def test_a_failure_is_raised_after_all_others_have_ended() -> None:
    done: list[int] = []
    lock = threading.Lock()

    def work(number: int) -> None:
        if number == 0:
            raise ValueError("the first one")
        with lock:
            done.append(number)

    with pytest.raises(ValueError, match="first"):
        side_by_side(work, list(range(6)), 3)
    assert sorted(done) == [1, 2, 3, 4, 5]


def test_nothing_to_do_is_done() -> None:
    assert side_by_side(len, [], 4) == []


def test_among_greenlets_the_others_go_on_meanwhile() -> None:
    """This failure mode means heartbeats missed while something is rendered."""
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", GREEN], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert (run.returncode, run.stdout) == (0, "raised\n"), run.stderr
