"""An earlier revision of this repository, laid out beside the working copy, so that both are measured in one run."""

import os
import subprocess
import sys
import tarfile
import tomllib
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Tree:
    """The files of one revision, and a Python whose imports come from them."""

    name: str
    folder: Path
    python: Path

    @property
    def environment(self) -> dict[str, str]:
        """This process's environment, in which a script that is run by its path finds this tree's packages first."""
        return {**os.environ, "PYTHONPATH": str(self.folder)}


WORKING_COPY = Tree("working copy", ROOT, Path(sys.executable))


@contextmanager
def lay_out(revision: str | None) -> Iterator[Tree | None]:
    """The files of `revision`, removed at the end; None for none. Raises CalledProcessError when git has none.

    It runs with the libraries of the working copy: what is compared is the code, not its dependencies.
    """
    if revision is None:
        yield None
        return
    archive = subprocess.run(["git", "archive", revision], cwd=ROOT, capture_output=True, check=True).stdout
    with TemporaryDirectory(prefix="kompeten-beside-") as name:
        folder = Path(name)
        with tarfile.open(fileobj=BytesIO(archive)) as files:
            files.extractall(folder, filter="data")
        yield Tree(revision, folder, _make_python(folder))


def _make_python(folder: Path) -> Path:
    """A light environment: the libraries this process has, the revision's own packages, and its `kompeten` command."""
    venv.create(folder / ".venv", symlinks=True)
    (packages,) = (folder / ".venv" / "lib").glob("python*/site-packages")
    libraries = [path for path in sys.path if path.endswith("site-packages")]
    (packages / "beside.pth").write_text("\n".join([str(folder), *libraries]) + "\n")
    python = folder / ".venv" / "bin" / "python"
    project = tomllib.loads((folder / "pyproject.toml").read_text())
    module, _, function = project["project"]["scripts"]["kompeten"].partition(":")
    command = python.with_name("kompeten")
    command.write_text(f"#!{python}\nimport sys\nfrom {module} import {function}\nsys.exit({function}())\n")
    command.chmod(0o755)
    return python
