import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.errors import Invalid, Unavailable
from shared.runtime import confinement as confinements
from shared.runtime.confinement import Confinement, Overran
from tests.unit.runtime import chores

ROOT = Path(__file__).parents[3]
MIB = 1024 * 1024


@pytest.fixture
def confinement() -> Iterator[Confinement]:
    confinement = Confinement(seconds=2, memory_mb=128)
    yield confinement
    confinement.stop()


def test_work_is_done_in_another_process_that_stays_for_the_next(confinement: Confinement) -> None:
    first = confinement.run(chores.process_id)
    assert first != os.getpid()
    assert confinement.run(chores.process_id) == first


def test_what_the_work_raises_is_raised(confinement: Confinement) -> None:
    before = confinement.run(chores.process_id)
    with pytest.raises(Invalid, match="Teks memuat huruf lain"):
        confinement.run(chores.refuse)
    assert confinement.run(chores.process_id) == before


def test_work_without_an_end_is_ended_by_the_system(confinement: Confinement, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confinements, "SLOWER", 60)
    with pytest.raises(Overran, match=f"exit code {-signal.SIGXCPU}"):
        confinement.run(chores.spin)
    assert confinement.run(chores.double, 4) == 8


def test_each_task_gets_its_own_share_of_the_processor(confinement: Confinement) -> None:
    """This failure mode means that the hundredth innocent file is refused for what ninety-nine others used."""
    before = confinement.run(chores.process_id)
    for _ in range(4):
        confinement.run(chores.compute, 1.2)
    assert confinement.run(chores.process_id) == before


def test_work_that_sleeps_is_ended_at_its_deadline(confinement: Confinement, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confinements, "SLOWER", 1)
    with pytest.raises(Overran, match="hung"):
        confinement.run(chores.sleep, 60)


def test_work_that_unfolds_is_ended_and_leaves_nothing(confinement: Confinement) -> None:
    before = confinement.run(chores.process_id)
    with pytest.raises(Overran, match="memory"):
        confinement.run(chores.unfold, 512 * MIB)
    assert confinement.run(chores.unfold, 16 * MIB) == 16 * MIB
    assert confinement.run(chores.process_id) != before


def test_work_that_breaks_its_process_is_told_from_a_process_that_went(confinement: Confinement) -> None:
    with pytest.raises(Overran, match="exit code 7"):
        confinement.run(chores.die)
    with pytest.raises(Overran):
        confinement.run(chores.leave)
    assert confinement.run(chores.double, 4) == 8


def test_a_process_that_went_for_want_of_work_is_not_missed(confinement: Confinement) -> None:
    gone = confinement.run(chores.process_id)
    os.kill(gone, signal.SIGKILL)
    os.waitid(os.P_PID, gone, os.WEXITED | os.WNOWAIT)
    assert confinement.run(chores.process_id) != gone


def test_it_knows_none_of_the_settings(confinement: Confinement, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOMPETEN_DATABASE_PASSWORD_FILE", "/run/secrets/database_password")
    assert confinement.run(chores.told_settings) == []


def test_who_finds_everything_busy_is_told_to_come_again(
    confinement: Confinement, monkeypatch: pytest.MonkeyPatch
) -> None:
    """This failure mode means requests that pile up behind a row of bombs."""
    busy = confinement.run(chores.process_id)

    def hold() -> None:
        with pytest.raises(Overran):
            confinement.run(chores.sleep, 60)

    holder = threading.Thread(target=hold)
    holder.start()
    while not confinement._idle.empty():
        time.sleep(0.01)
    monkeypatch.setattr(confinements, "SLOWER", 0.1)
    with pytest.raises(Unavailable):
        confinement.run(chores.double, 4)
    os.kill(busy, signal.SIGKILL)
    holder.join()


GREEN = """
import eventlet
eventlet.monkey_patch()
from shared.runtime.confinement import Confinement, Overran
from tests.unit.runtime import chores
confinement = Confinement(seconds=2, memory_mb=128)
confinement.run(chores.double, 1)
beats = []
def heart():
    while True:
        eventlet.sleep(0.005)
        beats.append(1)
eventlet.spawn(heart)
eventlet.sleep(0.05)
before = len(beats)
try:
    confinement.run(chores.spin)
except Overran:
    pass
assert confinement.run(chores.double, 5) == 10
confinement.stop()
print(len(beats) - before)
"""


def test_greenlets_go_on_while_a_bomb_burns() -> None:
    """This failure mode means one small file that stops everybody."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", GREEN], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert int(done.stdout) > 20, "the heart stood still while a bomb burnt"
