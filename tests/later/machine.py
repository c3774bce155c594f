"""A process on another day: libfaketime's place, and the variables that make it work."""

import os
from datetime import datetime
from pathlib import Path

from tests.servers.packages import install
from tests.servers.processes import ServerFailed

START = Path(__file__).parent / "start"
PLACES = ("/usr/lib/*/faketime/libfaketimeMT.so.1", "/usr/lib/faketime/libfaketimeMT.so.1")


def find_library() -> Path:
    """Where libfaketime is, installed from Debian's package when it is missing. Raises ServerFailed."""
    install("faketime", programs=("faketime",))
    for place in PLACES:
        if found := next(Path("/").glob(place.lstrip("/")), None):
            return found
    raise ServerFailed("faketime is installed, but its library is in none of " + ", ".join(PLACES))


def describe_machine(start: datetime, zone: str, real: datetime) -> dict[str, str]:
    """The variables of a process that begins at `start` (aware) in `zone`, when the machine shows `real`.

    The time is given as a distance, so that the processes it starts go on from where it is. Monotonic clocks are left
    alone: a wait of a second takes one.
    """
    ahead = round((start - real).total_seconds())
    return {
        "TZ": zone,
        "LD_PRELOAD": str(find_library()),
        "FAKETIME": f"{ahead:+d}",
        "PYTHONPATH": os.pathsep.join(filter(None, [str(START), os.environ.get("PYTHONPATH")])),
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
