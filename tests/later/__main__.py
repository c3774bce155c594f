"""`python -m tests.later [PART...] [--date ...] [--zone ...] [--workers N]`: pytest at each date in each zone."""

import os
import subprocess
import sys
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import click

from tests.later.machine import describe_machine
from tests.servers.processes import ServerFailed

DATES = ("2026-12-31 23:59:30", "2027-03-20", "2028-02-29", "2029-12-01")
ZONES = ("UTC", "Asia/Jayapura", "America/Los_Angeles")


def run_at(date: str, zone: str, parts: tuple[str, ...], workers: int) -> int:
    """Run pytest over `parts` as if it were `date` in `zone`; its exit code."""
    start = datetime.fromisoformat(date).replace(tzinfo=ZoneInfo(zone))
    click.secho(f"{date} {zone}", bold=True)
    shared = ["-n", str(workers), "--dist", "loadfile"] if workers > 1 else []
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *shared, *parts]
    return subprocess.run(command, env=os.environ | describe_machine(start, zone, datetime.now(UTC))).returncode


@click.command()
@click.argument("parts", nargs=-1)
@click.option("--date", "dates", multiple=True, help="Local date and time; may be given again. All four by default.")
@click.option("--zone", "zones", multiple=True, help="Time zone; may be given again. All three by default.")
@click.option("--workers", default=1, help="Processes that share the tests.")
def main(parts: tuple[str, ...], dates: tuple[str, ...], zones: tuple[str, ...], workers: int) -> None:
    """Run PARTS of the suite (tests/unit by default) at every date in every zone, one run after the other."""
    failed = [
        f"{date} {zone}"
        for date in dates or DATES
        for zone in zones or ZONES
        if run_at(date, zone, parts or ("tests/unit",), workers)
    ]
    if failed:
        raise click.ClickException("failed: " + ", ".join(failed))


if __name__ == "__main__":
    try:
        main()
    except ServerFailed as failure:
        sys.exit(f"later: {failure}")
