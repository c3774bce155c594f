"""A process on another day: the calendar it is shown, and the variables that make it work."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.servers.packages import install
from tests.servers.processes import ServerFailed

SOURCE = Path(__file__).parent / "calendar.c"


@contextmanager
def built_calendar() -> Iterator[Path]:
    """The library a process preloads, for as long as the block runs; the compiler comes from Debian's package when it
    is missing. Raises ServerFailed.
    """
    install("gcc", "libc6-dev", programs=("cc",))
    with TemporaryDirectory(prefix="kompeten-calendar-") as folder:
        library = Path(folder) / "calendar.so"
        command = ["cc", "-Wall", "-Wextra", "-Werror", "-O2", "-shared", "-fPIC", "-o", str(library), str(SOURCE)]
        built = subprocess.run(command, capture_output=True, text=True, check=False)
        if built.returncode:
            raise ServerFailed(f"the calendar of another day does not compile: {built.stderr.strip()}")
        yield library


def describe_machine(calendar: Path, start: datetime, zone: str, real: datetime) -> dict[str, str]:
    """The variables of a process that begins at `start` (aware) in `zone`, when the machine shows `real`.

    The time is given as a distance, so that the processes it starts go on from where it is.
    """
    ahead = round((start - real).total_seconds())
    return {"TZ": zone, "LD_PRELOAD": str(calendar), "KOMPETEN_CALENDAR_AHEAD": str(ahead)}
