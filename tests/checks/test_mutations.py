"""`python -m tests.mutations` finds the faults that no test notices, and leaves nothing behind."""

import subprocess
from pathlib import Path

import pytest

from tests.mutations.faults import name_faults
from tests.mutations.rooms import EDGES, ROOMS, ROOT, Room
from tests.mutations.run import RunFailed, draw, try_room

RULE = """
from typing import Any

def check_age(age: int, log: Any) -> str:
    if age < 18:
        log.warning("too young")
        return "no"
    return N_("yes")

def N_(text: str) -> str:
    return text
"""
TEST = """
import logging
from shared.rule import check_age

def test_a_child() -> None:
    assert check_age({age}, logging) == "no"
"""
ROOM = Room(("shared/rule.py",), ("tests/test_rule.py",))


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A repository of one rule."""
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    for file, text in {"shared/rule.py": RULE, "shared/__init__.py": "", "pyproject.toml": ""}.items():
        (tmp_path / file).parent.mkdir(exist_ok=True)
        (tmp_path / file).write_text(text)
    (tmp_path / "tests").mkdir()
    return tmp_path


def test_who_survives_is_told(tree: Path) -> None:
    (tree / "tests" / "test_rule.py").write_text(TEST.format(age=3))
    before = sorted(tree.rglob("*"))
    figures = try_room(tree, ROOM, None, 1)
    told = [line[1:].strip() for survivor in figures.survivors for line in survivor.diff.splitlines() if line[0] == "+"]
    assert {"if age <= 18:", "if age < 19:"} <= set(told)
    assert figures.killed >= 2, "the answer's two spellings"
    assert figures.refused >= 1, "nothing in the place of a text"
    assert figures.tried == figures.possible == figures.killed + figures.refused + len(figures.survivors)
    assert sorted(tree.rglob("*")) == before


def test_tests_that_fail_without_a_fault_give_no_figure(tree: Path) -> None:
    (tree / "tests" / "test_rule.py").write_text(TEST.format(age=30))
    with pytest.raises(RunFailed, match="assert 'yes' == 'no'"):
        try_room(tree, ROOM, None, 1)


def test_what_only_changes_a_wording_is_no_fault(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tree)
    numbers = [name.rpartition("_")[2] for name in name_faults("shared/rule.py")]
    assert numbers
    assert len(numbers) < int(numbers[-1])


def test_a_sample_is_always_the_same() -> None:
    names = [str(number) for number in range(100)]
    assert draw(names, 10) == draw(names, 10)
    assert len(set(draw(names, 10))) == 10
    assert draw(names, 1000) != names
    assert sorted(draw(names, 1000)) == sorted(names)
    assert draw(names, None) == names


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_has_files_and_tests(room: str) -> None:
    assert ROOMS[room].files
    assert all((ROOT / file).is_file() for file in ROOMS[room].files)
    assert ROOMS[room].tests
    assert all((ROOT / path).exists() for path in ROOMS[room].tests)


def test_every_edge_is_a_module() -> None:
    """If this fails: it was renamed, and is gated now as the core is."""
    assert all((ROOT / "shared" / "messaging" / f"{edge}.py").is_file() for edge in EDGES)
