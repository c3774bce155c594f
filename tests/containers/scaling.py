"""A service scaled to three and back; one of them, and the only one of another, killed in the middle of the work."""

import time

import click

from tests.containers.claims import hold, timed
from tests.containers.counting import check_finished
from tests.containers.playing import play_demo
from tests.containers.probe import Probe
from tests.containers.stack import Stack

SCALED = "decision"
ALONE = "notification"
KILL_WHEN = "assessed at the TUK"


def prove_scaling(stack: Stack) -> None:
    """Nothing is lost, nothing is done twice, and who asks the scaled service notices nothing."""
    timed(f"{SCALED} scaled to 3", lambda: stack.scale(SCALED, 3))
    stack.scale(ALONE, 1)
    consumers = stack.queues()[f"kompeten.{SCALED}"][1]
    hold(consumers == 3, f"{consumers} replicas of {SCALED} share its queue")
    with Probe(f"{stack.url}/{SCALED}/ready") as probe:
        timed(
            f"demo, with one of 3 {SCALED} and the only {ALONE} killed on the way",
            lambda: play_demo(stack, KILL_WHEN, lambda: _kill(stack)),
        )
    hold(set(probe.answers) == {"200"}, f"{SCALED} asked through the proxy meanwhile: {probe}")
    for service in (SCALED, ALONE):
        restarts = [int(container["RestartCount"]) for container in stack.containers(service)]
        hold(sum(restarts) == 1, f"containers of {service} started again after the kill: {restarts}")
    check_finished(stack)
    stack.scale(ALONE, 2)
    with Probe(f"{stack.url}/{SCALED}/ready") as probe:
        timed(f"{SCALED} back to 2", lambda: stack.scale(SCALED, 2))
        time.sleep(3)
    hold(set(probe.answers) == {"200"}, f"{SCALED} asked through the proxy meanwhile: {probe}")


def _kill(stack: Stack) -> None:
    stack.crash(stack.containers(SCALED)[0]["Id"])
    stack.crash(stack.containers(ALONE)[0]["Id"])
    click.echo(f"  killed one of 3 {SCALED} and the only {ALONE} with SIGKILL")
