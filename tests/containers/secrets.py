"""Secrets changed while people work: nobody notices, and nothing that was encrypted before is lost."""

import time

import click

from tests.containers.claims import hold
from tests.containers.commands import list_ailments, wait_until_well
from tests.containers.counting import check_finished
from tests.containers.load import Load
from tests.containers.stack import Stack

RINGS = ("encryption_registration", "encryption_decision")
OTHERS = (
    "postgres_password",
    "postgres_owner_password",
    "postgres_registration_password",
    "postgres_assessment_password",
    "rabbitmq_admin_password",
    "rabbitmq_topology_password",
    "rabbitmq_assessment_password",
    "service_registration_key",
    "token_private_key",
    "credential_key",
    "limits_password",
)
"""With the rings at least one of each way that a secret has to a new value; those that others give are left out."""
RING_SECONDS = 300.0
"""How long the earlier key of a ring opens at least (docs/operations/secrets.md)."""


def prove_rotation(stack: Stack) -> None:
    """Every rotation ends well, no request fails meanwhile, and nothing is lost; the rings are retired at the end."""
    with Load(stack) as load:
        for name in RINGS:
            _rotate(stack, name)
        rolled = time.monotonic()
        for name in OTHERS:
            _rotate(stack, name)
    load.show()
    hold(not load.errors, f"{len(RINGS + OTHERS)} secrets changed, and no request failed")
    load.check_written()
    time.sleep(max(0.0, rolled + RING_SECONDS - time.monotonic()))
    for name in RINGS:
        _rotate(stack, "--retire", name)
    for service in ("registration", "decision"):
        stack.compose("exec", "-T", service, "kompeten", "store", "check", "--service", service, "--full")
    hold(True, "every file is in order, and readable without the earlier keys")
    wrong = list_ailments(wait_until_well(stack))
    hold(not wrong, f"status: all well {wrong or ''}")
    check_finished(stack)


def _rotate(stack: Stack, *arguments: str) -> None:
    started = time.monotonic()
    stack.run("deploy/rotate", *arguments, seconds=600)
    click.echo(f"  deploy/rotate {' '.join(arguments)}: {time.monotonic() - started:.0f} s")
