"""Programs from Debian packages, installed when they are missing."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers.processes import ServerFailed, run

POLICY = Path("/usr/sbin/policy-rc.d")
LISTS = Path("/var/lib/apt/lists")


def find(program: str) -> Path | None:
    """Where a program is: on the path, in the administrators' folders, or where Debian hides the versions of
    PostgreSQL (the newest one there).
    """
    search = os.pathsep.join([os.environ.get("PATH", ""), "/usr/local/sbin", "/usr/sbin", "/sbin"])
    if found := shutil.which(program, path=search):
        return Path(found)
    versions = [path for path in Path("/usr/lib/postgresql").glob(f"*/bin/{program}") if path.exists()]
    return max(versions, key=lambda path: int(path.parts[4]), default=None)


def need(program: str) -> Path:
    """The program's path; ServerFailed when it isn't there."""
    if found := find(program):
        return found
    raise ServerFailed(f"{program} is not installed; `python -m tests.servers up` installs it")


def install(*packages: str, programs: tuple[str, ...]) -> None:
    """Install the packages unless all programs are there already.

    The services a package would start by itself stay off: what runs is what these tests start, and nothing is left
    running behind. Needs root or sudo without a password; ServerFailed says so otherwise.
    """
    if all(find(program) for program in programs):
        return
    if not find("apt-get"):
        raise ServerFailed(f"{', '.join(programs)} missing and no apt-get here: install {', '.join(packages)}")
    with _services_kept_off():
        if not any(LISTS.glob("*_Packages*")):
            _as_root("apt-get", "update", "-qq")
        try:
            _as_root("apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages)
        except ServerFailed:
            _as_root("apt-get", "update", "-qq")
            _as_root("apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages)
    for program in programs:
        need(program)


def _as_root(*command: str) -> str:
    if os.geteuid() != 0:
        command = ("sudo", "-n", "env", "DEBIAN_FRONTEND=noninteractive", *command)
    return run(command, seconds=900, environment={"DEBIAN_FRONTEND": "noninteractive"})


@contextmanager
def _services_kept_off() -> Iterator[None]:
    """Debian's own switch for `do not start what you install`; a switch somebody else set is left alone."""
    if POLICY.exists():
        yield
        return
    _as_root("sh", "-c", f"printf '#!/bin/sh\\nexit 101\\n' > {POLICY} && chmod 755 {POLICY}")
    try:
        yield
    finally:
        _as_root("rm", "-f", str(POLICY))


def can_install() -> bool:
    """Whether packages could be installed here: apt-get, and root or sudo without a password."""
    if not find("apt-get"):
        return False
    if os.geteuid() == 0:
        return True
    return bool(find("sudo")) and subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode == 0
