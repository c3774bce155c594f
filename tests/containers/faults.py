"""Six faults on the running stack while people work: `status` says what ails, and all comes back by itself."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import click

from tests.containers.claims import hold
from tests.containers.commands import list_ailments, wait_until_well
from tests.containers.counting import check_finished
from tests.containers.load import Load
from tests.containers.stack import Stack

LASTS_SECONDS = 20.0
SEEN_SECONDS = 90.0
WELL_SECONDS = 180.0


@dataclass(frozen=True)
class Fault:
    """What is done and undone; the ailment that `status` must name meanwhile; whose requests may fail for it."""

    name: str
    begin: Callable[[Stack], object]
    end: Callable[[Stack], object]
    ailment: str
    may_fail: tuple[str, ...] = ()


def _compose(*arguments: str) -> Callable[[Stack], object]:
    return lambda stack: stack.compose(*arguments)


def _crash_all(service: str) -> Callable[[Stack], object]:
    def crash(stack: Stack) -> None:
        for container in stack.containers(service):
            stack.crash(container["Id"])

    return crash


FAULTS = (
    Fault("both replicas of assessment killed", _crash_all("assessment"), lambda _: None, "", ("/assessment",)),
    Fault("RabbitMQ stopped", _compose("stop", "-t", "5", "rabbitmq"), _compose("start", "rabbitmq"), "broker-away"),
    Fault("PostgreSQL stopped", _compose("stop", "postgres"), _compose("start", "postgres"), "database-away", ("/",)),
    Fault("the store frozen", _compose("pause", "minio"), _compose("unpause", "minio"), "store-away"),
    Fault(
        "both replicas of certificate frozen",
        _compose("pause", "certificate"),
        _compose("unpause", "certificate"),
        "certificate/service-away",
        ("/certificate",),
    ),
    Fault("the store of limits stopped", _compose("stop", "limits"), _compose("start", "limits"), "limits-away"),
)


def prove_faults(stack: Stack) -> None:
    """Nothing is lost or doubled; who does not need what is away notices nothing."""
    for fault in FAULTS:
        click.echo(f"  {fault.name}:")
        with Load(stack) as load:
            time.sleep(3)
            began = time.monotonic()
            fault.begin(stack)
            seen = not fault.ailment or _is_seen(stack, fault.ailment)
            time.sleep(max(0.0, began + LASTS_SECONDS - time.monotonic()))
            lasted = time.monotonic() - began
            fault.end(stack)
            said = wait_until_well(stack, WELL_SECONDS)
            back = time.monotonic() - began - lasted
        load.show()
        hold(seen, f"status has said {fault.ailment or 'nothing, as it was over at once'}")
        wrong = list_ailments(said)
        hold(not wrong, f"after {lasted:.0f} s of it all was well {back:.0f} s later {wrong or ''}")
        hold(not load.fails_beyond(fault.may_fail), f"nobody failed but {', '.join(fault.may_fail) or 'nobody'}")
        load.check_written()
    check_finished(stack)


def _is_seen(stack: Stack, ailment: str) -> bool:
    end = time.monotonic() + SEEN_SECONDS
    while time.monotonic() < end:
        if ailment in stack.status():
            return True
        time.sleep(2)
    return False
