"""Ends a test's servers when the test is gone, however it went.

A test run that is killed cannot clean up behind itself, so a small process of its own waits on a pipe whose other
end only the test holds. When that end closes, for whatever reason, every process that carries the server's mark in
its environment is ended and the server's directory is removed. Run as a script; uses the standard library alone.
"""

import os
import shutil
import signal
import sys
import time
from pathlib import Path

MARK_VARIABLE = "KOMPETEN_TESTS_SERVER"


def members(mark: str) -> list[int]:
    """Process ids whose environment holds the mark, with their descendants; this process is left out.

    The descendants matter because a server may overwrite its own environment: PostgreSQL's workers do, to show what
    they are at. Processes that can't be read are somebody else's.
    """
    needle = f"{MARK_VARIABLE}={mark}".encode()
    parents: dict[int, int] = {}
    found: set[int] = set()
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        pid = int(entry.name)
        try:
            state, parent = (entry / "stat").read_text().rpartition(")")[2].split()[:2]
            if state == "Z":
                continue
            parents[pid] = int(parent)
            if needle in (entry / "environ").read_bytes().split(b"\0"):
                found.add(pid)
        except OSError:
            continue
    while grown := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= grown
    return sorted(found)


def end(mark: str, within: float = 10.0) -> None:
    """Kill all processes that carry the mark, and those they start meanwhile; raises TimeoutError when some stay."""
    limit = time.monotonic() + within
    while pids := members(mark):
        if time.monotonic() > limit:
            raise TimeoutError(f"processes {pids} of server {mark} do not end")
        for pid in pids:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        time.sleep(0.05)


def remove(directory: str) -> None:
    """Remove a server's directory; what a process wrote while it ended may need a second round."""
    for _ in range(3):
        shutil.rmtree(directory, ignore_errors=True)


def main() -> None:
    mark, directory = sys.argv[1:]
    sys.stdin.read()
    end(mark)
    remove(directory)


if __name__ == "__main__":
    main()
