"""`python -m tests.later [PART...] [--date ...] [--zone ...] [--workers N]`: pytest at each date in each zone."""

import os
import subprocess
import sys
from collections import deque
from datetime import UTC, datetime
from pathlib import Path
from subprocess import PIPE, STDOUT
from zoneinfo import ZoneInfo

import click

from tests.later.machine import built_calendar, describe_machine
from tests.servers.processes import ServerFailed

DATES = ("2026-12-31 23:59:30", "2027-03-20", "2028-02-29", "2029-12-01")
ZONES = ("UTC", "Asia/Jayapura", "America/Los_Angeles")

# a process that stands still shows where, before the test's own time is over
HANGS = ("-o", "faulthandler_timeout=100")
# what a process of pytest says of its own failure and of standing still: shown once more at the end, for what comes
# after it is long and tells nothing
TROUBLE = ("INTERNALERROR> E ", "Timeout (", "Thread 0x", "Current thread", '  File "')


def run_at(calendar: Path, date: str, zone: str, parts: tuple[str, ...], workers: int) -> int:
    """Run pytest over `parts` as if it were `date` in `zone`; its exit code."""
    start = datetime.fromisoformat(date).replace(tzinfo=ZoneInfo(zone))
    click.secho(f"{date} {zone}", bold=True)
    shared = ["-n", str(workers), "--dist", "loadfile"] if workers > 1 else []
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *shared, *HANGS, *parts]
    environment = os.environ | describe_machine(calendar, start, zone, datetime.now(UTC))
    causes: deque[str] = deque(maxlen=18)
    with subprocess.Popen(command, env=environment, stdout=PIPE, stderr=STDOUT, text=True, errors="replace") as run:
        assert run.stdout
        for line in run.stdout:
            print(line, end="", flush=True)
            if line.startswith(TROUBLE):
                causes.append(line)
    if run.returncode and causes:
        click.secho("how it began:", bold=True)
        print(*causes, sep="")
    return run.returncode


@click.command()
@click.argument("parts", nargs=-1)
@click.option("--date", "dates", multiple=True, help="Local date and time; may be given again. All four by default.")
@click.option("--zone", "zones", multiple=True, help="Time zone; may be given again. All three by default.")
@click.option("--workers", default=1, help="Processes that share the tests.")
def main(parts: tuple[str, ...], dates: tuple[str, ...], zones: tuple[str, ...], workers: int) -> None:
    """Run PARTS of the suite (tests/unit by default) at every date in every zone, one run after the other."""
    with built_calendar() as calendar:
        failed = [
            f"{date} {zone}"
            for date in dates or DATES
            for zone in zones or ZONES
            if run_at(calendar, date, zone, parts or ("tests/unit",), workers)
        ]
    if failed:
        raise click.ClickException("failed: " + ", ".join(failed))


if __name__ == "__main__":
    try:
        main()
    except ServerFailed as failure:
        sys.exit(f"later: {failure}")
