"""One room's faults: made, tried and counted."""

import random
import subprocess
import sys
from collections import Counter
from contextlib import chdir
from dataclasses import dataclass
from pathlib import Path

from mutmut.configuration import reset_config
from mutmut.mutation.data import SourceFileMutationData
from mutmut.mutation.diff_apply import get_diff_for_mutant
from mutmut.stats import status_by_exit_code

from tests.mutations.faults import name_faults
from tests.mutations.rooms import Room
from tests.mutations.tree import copy_tree

SEED = 7
UNNOTICED = ("survived", "no tests")
OUTPUT_SHOWN = 4000
NOT_TRIED = "not checked"


class RunFailed(Exception):
    """mutmut came to no figure: the tests fail without any fault, say."""


@dataclass(frozen=True)
class Survivor:
    """A fault that no test noticed: mutmut's name for it, whether any test came by, and what it changes as a diff."""

    name: str
    reached: bool
    diff: str


@dataclass(frozen=True)
class Figures:
    """How many faults there are, how many were tried and with which outcome (mutmut's words), and who survived."""

    possible: int
    outcomes: Counter[str]
    survivors: list[Survivor]

    @property
    def tried(self) -> int:
        return self.outcomes.total()

    @property
    def refused(self) -> int:
        """How many mypy does not let pass, so that no test was run on them."""
        return self.outcomes["caught by type check"]

    @property
    def killed(self) -> int:
        return self.tried - self.refused - len(self.survivors)

    @property
    def percent(self) -> float:
        return 100 * (1 - len(self.survivors) / self.tried) if self.tried else 100.0


def try_room(root: Path, room: Room, sample: int | None, processes: int) -> Figures:
    """Put the faults of `room` into a copy of the tree at `root`, one at a time, and run its tests on each.

    With `sample` only so many are drawn, by a fixed seed. Raises RunFailed.
    """
    with copy_tree(root, room) as tree, chdir(tree):
        reset_config()
        names = [name for file in room.files for name in name_faults(file)]
        drawn = draw(names, sample)
        command = [sys.executable, "-m", "mutmut", "run", "--max-children", str(processes), *drawn]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode:
            raise RunFailed(f"mutmut ended without a figure:\n{done.stdout[-OUTPUT_SHOWN:]}")
        return read_figures(room, len(names))


def draw(names: list[str], sample: int | None) -> list[str]:
    """As many of `names` as asked for, or all where there are no more."""
    return names if sample is None else random.Random(SEED).sample(names, min(sample, len(names)))


def read_figures(room: Room, possible: int) -> Figures:
    """What mutmut left in the folder of the copy."""
    outcomes: Counter[str] = Counter()
    survivors = []
    for file in room.files:
        data = SourceFileMutationData(path=file)
        data.load()
        found = {name: status_by_exit_code[code] for name, code in data.exit_code_by_key.items()}
        survivors += [
            Survivor(name, outcome == "survived", get_diff_for_mutant(name, path=file))
            for name, outcome in found.items()
            if outcome in UNNOTICED
        ]
        outcomes.update(outcome for outcome in found.values() if outcome != NOT_TRIED)
    return Figures(possible, outcomes, survivors)
