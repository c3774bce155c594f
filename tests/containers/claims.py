"""What is promised of the deployment, said as it is found to hold."""

import time
from collections.abc import Callable

import click


class Failed(Exception):
    """Something promised did not hold."""


def hold(condition: bool, what: str) -> None:
    """Say `what` holds. Raises Failed with the same words when it does not."""
    if not condition:
        raise Failed(what)
    click.echo(f"  {what}")


def timed(what: str, work: Callable[[], object]) -> None:
    """Do `work` and say how long it took."""
    started = time.monotonic()
    work()
    click.echo(f"{what}: {time.monotonic() - started:.0f} s")
