"""Proves the deployment: build, up, demo, and stage by stage what is done to it. Exit status 0 when all held.

    python -m tests.containers [STAGE...] [--keep FOLDER]

Without a stage all of them. With --keep the stack stays up, and the next run with the same folder goes on with
it, brought to what is committed by then; `docker compose down --volumes` there ends it.
"""

import sys
from collections.abc import Callable
from pathlib import Path

import click

from kompeten.services import NAMES
from tests.containers.claims import Failed, timed
from tests.containers.commands import check_commands
from tests.containers.counting import check_finished
from tests.containers.doors import prove_doors
from tests.containers.faults import prove_faults
from tests.containers.locks import check_audit_log, check_containers
from tests.containers.losing import prove_loss
from tests.containers.playing import play_demo
from tests.containers.scaling import prove_scaling
from tests.containers.secrets import prove_rotation
from tests.containers.stack import Stack, checkout
from tests.containers.starting import bring_up
from tests.containers.updating import prove_kills, prove_update


def prove_first(stack: Stack) -> None:
    """What is up is locked up, knows its state, and does its work."""
    check_containers(stack)
    check_audit_log(stack)
    check_commands(stack)
    timed("demo", lambda: play_demo(stack))
    check_finished(stack)


STAGES: dict[str, Callable[[Stack], None]] = {
    "first": prove_first,
    "scaling": prove_scaling,
    "update": prove_update,
    "kills": prove_kills,
    "faults": prove_faults,
    "doors": prove_doors,
    "rotation": prove_rotation,
    "loss": prove_loss,
}


@click.command()
@click.argument("stages", nargs=-1, type=click.Choice(list(STAGES)))
@click.option("--keep", type=click.Path(file_okay=False, path_type=Path), help="Leave the stack up, in this folder.")
def main(stages: tuple[str, ...], keep: Path | None) -> None:
    """Prove the deployment, all of it or the stages named."""
    with checkout(keep) as stack:
        try:
            bring_up(stack)
            for stage in stages or STAGES:
                click.echo(f"{stage}:")
                STAGES[stage](stack)
        except Exception as failure:
            click.echo(stack.compose("ps", "-a"))
            click.echo(stack.compose("logs", "--tail", "60", *NAMES))
            if isinstance(failure, Failed):
                sys.exit(f"does not hold: {failure}")
            raise
    click.echo("all of it held")


if __name__ == "__main__":
    main()
