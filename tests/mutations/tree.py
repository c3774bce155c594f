"""A copy of the working tree in which mutmut may write, set up for one room."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.mutations.rooms import Room

SOURCES = ("kompeten", "services", "shared")

# a fault that never ends is stopped after (what the tests take without it + 5 s) x 4
SETTINGS = {
    "pytest_add_cli_args": ["-p", "no:cacheprovider", "--hypothesis-seed=0"],
    "timeout_constant": 5.0,
    "timeout_multiplier": 4.0,
    "track_dependencies": False,
    "use_git_change_detection": False,
}


@contextmanager
def copy_tree(root: Path, room: Room) -> Iterator[Path]:
    """Copy what git knows or would take in from `root`; the copy is removed at the end."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root,
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    with TemporaryDirectory(prefix="kompeten-mutations-") as name:
        tree = Path(name).resolve()
        for file in filter(None, listed.split("\0")):
            if (root / file).is_file():
                (tree / file).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(root / file, tree / file)
        set_up_mutmut(tree, room)
        yield tree


def set_up_mutmut(tree: Path, room: Room) -> None:
    """Add mutmut's settings for `room` to the copy's pyproject.toml."""
    settings = SETTINGS | {
        "source_paths": [name for name in SOURCES if (tree / name).exists()],
        "only_mutate": room.files,
        "type_check_command": [
            sys.executable,
            "-m",
            "mypy",
            "--no-warn-unused-ignores",
            "--output",
            "json",
            *room.files,
        ],
        "also_copy": sorted(path.name for path in tree.iterdir() if path.name not in SOURCES),
        "pytest_add_cli_args_test_selection": room.tests,
    }
    # what JSON writes for lists, numbers and booleans is TOML as well
    lines = [f"{name} = {json.dumps(value)}" for name, value in settings.items()]
    with (tree / "pyproject.toml").open("a") as file:
        file.write("\n".join(["", "[tool.mutmut]", *lines, ""]))
