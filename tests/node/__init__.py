"""Official JavaScript tooling, run by tests: what is in `package.json` here, installed on first use."""

import fcntl
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

from tests.servers.packages import install
from tests.servers.processes import ServerFailed

HERE = Path(__file__).parent
MODULES = HERE / "node_modules"
SECONDS = 300


def node() -> str:
    """Path of Node.js, with the modules beside this file in place. Raises ServerFailed where they can't be had."""
    install("nodejs", "npm", programs=("node", "npm"))
    with (HERE / "package.json").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not _up_to_date():
            npm = shutil.which("npm") or "npm"
            done = subprocess.run([npm, "ci"], cwd=HERE, capture_output=True, text=True, timeout=SECONDS)
            if done.returncode:
                raise ServerFailed(f"npm ci: {done.stderr[-2000:]}")
    return shutil.which("node") or "node"


def run(script: Path, *arguments: str, given: str = "", seconds: float = 60) -> Any:
    """What a script prints, read as JSON; AssertionError with its complaint when it fails."""
    done = subprocess.run(
        [node(), str(script), *arguments], cwd=HERE, input=given, capture_output=True, text=True, timeout=seconds
    )
    assert done.returncode == 0, done.stderr[-4000:] or done.stdout[-4000:]
    return json.loads(done.stdout)


def _up_to_date() -> bool:
    """npm writes down what it has installed: nothing that the lock names may be missing there, or another version."""
    installed = MODULES / ".package-lock.json"
    if not installed.exists():
        return False
    wanted = json.loads((HERE / "package-lock.json").read_text())["packages"]
    found = json.loads(installed.read_text())["packages"]
    return all(
        found.get(name, {}).get("version") == package["version"]
        for name, package in wanted.items()
        if name and not package.get("optional")
    )
