"""What the Makefile, the scripts and the documents start is in the repository, and nothing hides there from git."""

import re
import subprocess
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOPS = ("benchmarks", "deploy", "docs", "examples", "kompeten", "scripts", "services", "shared", "tests")
MODULE = re.compile(r"""\bpython[\d.]* -m ([A-Za-z_][\w.]*\w)|\w["')]*, ["']-m["'], ["']([A-Za-z_][\w.]*\w)["']""")
TARGET = re.compile(r"(?:^|`)make ([a-z][a-z-]*)", re.MULTILINE)
MADE = {"__pycache__", "node_modules", "secrets", ".hypothesis", ".pytest_cache", ".mypy_cache", ".ruff_cache"}
"""Folders below the tops whose content is no source."""


def list_files(root: Path, *arguments: str) -> list[str]:
    """What `git ls-files` says with these arguments."""
    command = ["git", "ls-files", "-z", *arguments]
    listed = subprocess.run(command, cwd=root, capture_output=True, check=True, text=True).stdout
    return [file for file in listed.split("\0") if file]


def find_started(text: str) -> set[str]:
    """The modules a text starts, on a command line or in a list of its words."""
    return {module for found in MODULE.findall(text) for module in found if module}


def find_missing(root: Path, modules: Iterable[str]) -> set[str]:
    """Those that Python could not start: ours in the tree at `root`, others where they are installed."""
    missing = set()
    for module in modules:
        top, _, _ = module.partition(".")
        if top in TOPS:
            place = root.joinpath(*module.split("."))
            there = place.with_suffix(".py").exists() or (place / "__main__.py").exists()
        else:
            there = find_spec(top) is not None
        if not there:
            missing.add(module)
    return missing


def find_hidden(root: Path) -> list[str]:
    """Files among the sources of `root` that .gitignore keeps from being committed, and that no tool made."""
    ignored = list_files(root, "--others", "--ignored", "--exclude-standard")
    return [
        file
        for file in ignored
        if Path(file).parts[0] in TOPS and not MADE & set(Path(file).parts) and ".egg-info/" not in file
    ]


def texts() -> dict[str, str]:
    """The text of every committed file that people or machines start something from."""
    files = [file for file in list_files(ROOT) if not file.startswith("requirements/") and (ROOT / file).is_file()]
    read = {}
    for file in files:
        try:
            read[file] = (ROOT / file).read_text()
        except UnicodeDecodeError:
            continue
    return read


def test_every_module_that_is_started_exists() -> None:
    """If this fails: it was moved or never committed; see that .gitignore does not hide it."""
    started = {file: find_started(text) for file, text in texts().items()}
    assert {"Makefile", "docs/operations/deploy.md"} <= {file for file, modules in started.items() if modules}
    missing = {file: found for file, modules in started.items() if (found := find_missing(ROOT, modules))}
    assert not missing


def test_every_target_the_documents_name_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    documents = {name: text for name, text in texts().items() if name.endswith(".md") or name == ".ci/run"}
    named = {name: set(TARGET.findall(text)) for name, text in documents.items()}
    assert {"mutants", "test"} <= named["README.md"]
    assert {name: found - targets for name, found in named.items() if found - targets} == {}


def test_no_source_is_hidden_from_git() -> None:
    """If this fails: anchor the pattern in .gitignore (`/build/`), or name the file otherwise."""
    assert find_hidden(ROOT) == []


@pytest.mark.parametrize("line", ["{} -m tests.nowhere", '[sys.executable, "-{}", "tests.nowhere"]'])
def test_a_module_that_is_nowhere_is_seen(line: str, tmp_path: Path) -> None:
    text = line.format("python" if " -m " in line else "m")
    assert find_missing(tmp_path, find_started(text)) == {"tests.nowhere"}
    (tmp_path / "tests" / "nowhere").mkdir(parents=True)
    (tmp_path / "tests" / "nowhere" / "__init__.py").touch()
    assert find_missing(tmp_path, find_started(text)), "a package starts only with a module __main__"
    (tmp_path / "tests" / "nowhere" / "__main__.py").touch()
    assert not find_missing(tmp_path, find_started(text))


def test_a_module_of_others_that_is_not_installed_is_seen(tmp_path: Path) -> None:
    assert find_missing(tmp_path, {"pytest", "no_such_library"}) == {"no_such_library"}


@pytest.mark.parametrize(("pattern", "hidden"), [("mutants/", ["tests/mutants/__main__.py"]), ("/mutants/", [])])
def test_a_source_that_is_hidden_is_seen(pattern: str, hidden: list[str], tmp_path: Path) -> None:
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    (tmp_path / ".gitignore").write_text(f"{pattern}\n__pycache__/\n")
    for file in ("tests/mutants/__main__.py", "tests/__pycache__/one.pyc", "mutants/one.py"):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).touch()
    assert find_hidden(tmp_path) == hidden


@pytest.mark.parametrize("name", ["build", "mutants", "secrets", "var"])
def test_a_package_of_any_name_can_be_committed(name: str) -> None:
    """If this fails: the pattern in .gitignore has no slash before it."""
    places = [f"{top}/{name}/one.py" for top in ("shared", "services/decision", "kompeten", "tests")]
    assert subprocess.run(["git", "check-ignore", *places], cwd=ROOT, capture_output=True, text=True).stdout == ""
