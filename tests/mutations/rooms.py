"""The rooms whose faults cost most, their files and their unit tests.

`python -m tests.mutations.rooms ROOM` prints a room's files with commas between them: what coverage takes for
`--include`.
"""

import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]

SERVICES = ("registration", "assessment", "decision", "certificate", "surveillance")

EDGES = {
    "background",
    "consumer",
    "entrypoint",
    "management",
    "providers",
    "reading",
    "rejected",
    "relay",
    "thread_consumer",
    "topology",
}
"""Modules of the messaging that run as processes which tests kill: no figure outlives those."""


@dataclass(frozen=True)
class Room:
    """Some files, and the folders and modules of the tests that are there for them."""

    files: tuple[str, ...]
    tests: tuple[str, ...]


def find_paths(*patterns: str) -> tuple[str, ...]:
    """What is in the tree under one of `patterns`, as sorted paths from the root."""
    return tuple(sorted(str(path.relative_to(ROOT)) for pattern in patterns for path in ROOT.glob(pattern)))


def describe_rules(service: str) -> Room:
    """The rules of a service, those of its packages too, and the tests of rules alone."""
    files = find_paths(f"services/{service}/domain/*.py", f"services/{service}/*/domain.py")
    return Room(files, find_paths(f"tests/unit/{service}/domain", f"tests/unit/{service}/*/test_domain.py"))


def describe_messaging() -> Room:
    """The core of the messaging and its unit tests.

    What keeps its promises is `tests/compliance`, which sees more and takes too long to be run for each fault.
    """
    files = tuple(file for file in find_paths("shared/messaging/*.py") if Path(file).stem not in EDGES)
    return Room(files, ("tests/unit/messaging", "tests/unit/database/test_retention.py"))


ROOMS = {"messaging": describe_messaging(), **{service: describe_rules(service) for service in SERVICES}}


if __name__ == "__main__":
    print(",".join(ROOMS[sys.argv[1]].files))
