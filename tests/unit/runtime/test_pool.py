import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from shared.errors import Invalid
from shared.runtime.pool import Pool, WorkerLost
from shared.runtime.tasks import make_portable
from tests.unit.runtime import chores

ROOT = Path(__file__).parents[3]


@pytest.fixture
def pool() -> Iterator[Pool]:
    pool = Pool(2)
    yield pool
    pool.stop()


def wait(condition: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def lives(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_work_is_done_in_other_processes(pool: Pool) -> None:
    assert pool.call(chores.double, 21) == 42
    assert pool.call(chores.process_id) != os.getpid()
    assert pool.call(chores.surroundings) == ("1", False)


def test_without_workers_it_is_done_here() -> None:
    pool = Pool(0)
    assert pool.call(chores.process_id) == os.getpid()
    pool.stop()


def test_callers_share_the_workers(pool: Pool) -> None:
    results: dict[int, int] = {}
    threads = [
        threading.Thread(target=lambda n=number: results.update({n: pool.call(chores.double, n)}))
        for number in range(12)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == {number: 2 * number for number in range(12)}
    assert len(pool.processes) == 2


def test_large_results_come_whole(pool: Pool) -> None:
    assert len(pool.call(chores.big, 5_000_000)) == 5_000_000


def test_what_the_work_raises_is_raised_and_the_worker_goes_on(pool: Pool) -> None:
    before = pool.call(chores.process_id)
    with pytest.raises(ValueError, match="tidak bisa"):
        pool.call(chores.fail, "tidak bisa")
    assert pool.call(chores.process_id) == before


def test_an_error_that_cannot_travel_is_told_in_words(pool: Pool) -> None:
    with pytest.raises(RuntimeError, match="Knotty: tidak bisa"):
        pool.call(chores.fail_knottily)


def test_a_refusal_travels_as_it_is(pool: Pool) -> None:
    with pytest.raises(Invalid, match="Teks memuat huruf lain") as refusal:
        pool.call(chores.refuse)
    assert (refusal.value.code, refusal.value.params) == ("text-not-printable", {"what": "huruf lain"})


def test_a_worker_that_dies_loses_only_what_it_had_in_hand(pool: Pool) -> None:
    """This failure mode means the machine ended a process (out of memory, say) in the middle of a certificate."""
    with pytest.raises(WorkerLost, match="exit code"):
        pool.call(chores.die)
    assert pool.call(chores.double, 4) == 8


def test_a_worker_killed_from_outside_is_replaced(pool: Pool) -> None:
    victim = pool.call(chores.process_id)
    started = threading.Event()
    lost: list[Exception] = []

    def work() -> None:
        started.set()
        try:
            pool.call(chores.sleep, 30)
        except WorkerLost as error:
            lost.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    started.wait()
    time.sleep(0.2)
    os.kill(victim, signal.SIGKILL)
    thread.join(10)
    assert lost
    assert {pool.call(chores.process_id) for _ in range(3)} != {victim}


def test_a_worker_that_hangs_is_replaced() -> None:
    pool = Pool(1, seconds=3)
    try:
        before = pool.call(chores.process_id)
        with pytest.raises(WorkerLost, match="hung"):
            pool.call(chores.sleep, 60)
        assert not lives(before)
        assert pool.call(chores.process_id) != before
    finally:
        pool.stop()


def test_a_worker_is_replaced_after_its_share() -> None:
    pool = Pool(1, tasks=2)
    try:
        ids = [pool.call(chores.process_id) for _ in range(4)]
        assert ids[0] == ids[1]
        assert ids[2] == ids[3]
        assert ids[0] != ids[2]
    finally:
        pool.stop()


def test_stopping_waits_for_what_is_in_hand_and_leaves_nothing_behind() -> None:
    pool = Pool(2)
    pool.start()
    processes = pool.processes
    done: list[float] = []
    thread = threading.Thread(target=lambda: done.append(pool.call(chores.sleep, 1.0)))
    thread.start()
    time.sleep(0.3)
    pool.stop()
    thread.join()
    assert done == [1.0]
    assert not any(lives(process) for process in processes)
    with pytest.raises(WorkerLost):
        pool.call(chores.double, 1)


def test_signals_for_the_group_are_left_to_the_parent(pool: Pool) -> None:
    worker = pool.call(chores.process_id)
    for name in (signal.SIGINT, signal.SIGTERM):
        os.kill(worker, name)
    assert pool.call(chores.process_id) == worker


def test_workers_die_with_their_parent() -> None:
    """This failure mode means orphans that hold keys and memory after the service was killed."""
    code = (
        "from shared.runtime.pool import Pool; from tests.unit.runtime import chores; import threading, time\n"
        "pool = Pool(2); print(pool.call(chores.process_id), flush=True)\n"
        "threading.Thread(target=pool.call, args=(chores.sleep, 60)).start(); time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    worker = int(parent.stdout.readline())
    assert lives(worker)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    wait(lambda: not lives(worker))


GREEN = """
import eventlet
eventlet.monkey_patch()
from shared.runtime.pool import Pool, WorkerLost
from tests.unit.runtime import chores
pool = Pool(2)
pool.start()
pool.call(chores.double, 1)
beats = []
def heart():
    while True:
        eventlet.sleep(0.005)
        beats.append(1)
def chore(n):
    before = len(beats)
    assert pool.call(chores.sleep, 0.5) == 0.5
    return len(beats) - before
eventlet.spawn(heart)
eventlet.sleep(0.1)
during = list(eventlet.GreenPool(4).imap(chore, range(6)))
try:
    pool.call(chores.die)
except WorkerLost:
    pass
assert pool.call(chores.double, 5) == 10
pool.stop()
print(min(during))
"""


def test_greenlets_wait_without_holding_the_others_up() -> None:
    """This failure mode means heartbeats missed while certificates are made."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", GREEN], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert int(done.stdout) > 5, "the heart stood still while a worker worked"


def test_that_no_memory_was_left_arrives_as_that() -> None:
    """This failure mode means an error whose own text could not be packed for want of memory: it came as another."""

    class Unpackable(MemoryError):
        def __reduce__(self) -> str:
            raise MemoryError

    assert type(make_portable(Unpackable())) is MemoryError
